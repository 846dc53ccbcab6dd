/// How long to wait from one sample to the next.
public struct SamplingPeriod: Sendable, Hashable {
  /// Seconds between samples at first, while little is known, and after that.
  static let first = 0.02
  static let usual = 0.05
  /// Longer tells too little.
  static let max = 1.0
  /// CPU time that sampling may take, as a share of one CPU: less than 1 %, with what starts and ends an observation.
  static let share = 0.008

  /// Seconds of CPU time that a sample takes, of late.
  private var cost = 0.0

  public init() {}

  /// Takes note of what a sample took, in seconds of CPU time.
  public mutating func add(cost seconds: Double) { cost = cost == 0 ? seconds : 0.8 * cost + 0.2 * seconds }

  /// - Parameters:
  ///   - elapsed: seconds since the first sample.
  ///   - jitter: 0...1, uniform: a task that works to a beat must not always be met at the same point of it.
  public func seconds(elapsed: Double, jitter: Double) -> Double {
    let wanted = elapsed < 2 ? Self.first : Self.usual
    return min(Self.max, Swift.max(wanted, cost / Self.share)) * (0.75 + 0.5 * jitter)
  }
}
