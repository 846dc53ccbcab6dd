/// Closed forms of speedup, n workers against one.
public enum Speedup {
  /// Speedup of a fixed amount of work on more workers (Amdahl 1967).
  public static func amdahl(parallelShare: Double, workers: Double) -> Double {
    1 / (1 - parallelShare + parallelShare / workers)
  }

  /// Speedup of work that grows with the workers (Gustafson 1988).
  public static func gustafson(parallelShare: Double, workers: Double) -> Double {
    1 - parallelShare + parallelShare * workers
  }

  /// The serial share that a measured speedup betrays (Karp & Flatt 1990); nil for one worker, who shows nothing.
  ///
  /// A share that rises with the workers means that they get in each other's way.
  public static func serialShare(speedup: Double, workers: Double) -> Double? {
    guard workers > 1, speedup > 0 else { return nil }
    return (1 / speedup - 1 / workers) / (1 - 1 / workers)
  }
}
