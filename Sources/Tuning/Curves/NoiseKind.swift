/// How far runs of the same command differ. All kinds are weighed, and the runs tell which it is.
struct NoiseKind: Sendable {
  /// Standard deviation of the logarithm of the wall time alone.
  var wall: Double
  /// That of the machine's speed during a run, which changes wall and CPU time together.
  var speed: Double
  /// How likely it is before anything has run.
  var prior: Double

  static let all = [
    NoiseKind(wall: 0.01, speed: 0.01, prior: 0.25), NoiseKind(wall: 0.03, speed: 0.02, prior: 0.3),
    NoiseKind(wall: 0.08, speed: 0.03, prior: 0.2), NoiseKind(wall: 0.03, speed: 0.1, prior: 0.25),
  ]

  /// Drift between runs that the CPU time does not show.
  private static let hiddenDrift = 0.02

  /// Variance of a run about the value that is common to the runs of one candidate.
  var residualVariance: Double {
    wall * wall + 0.2 * speed * speed + Self.hiddenDrift * Self.hiddenDrift
  }
}

/// How likely runs are slow for a reason of their own, and by how much: the logarithm of it is normal.
enum SlowRun {
  static let probability = 0.1
  /// Of the very first run, which may find caches cold.
  static let probabilityOfFirst = 0.3
  /// Of a run during which other processes used the CPUs.
  static let probabilityOfDirty = 0.5
  static let mean = 0.3
  static let deviation = 0.15
}
