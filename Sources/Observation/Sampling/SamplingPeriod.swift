/// How long to wait from one sample to the next, so that all of them together take little CPU time.
public struct SamplingPeriod: Sendable, Hashable {
  /// Seconds between samples at first, while little is known, and after that.
  static let first = 0.02
  static let usual = 0.05
  /// Longer tells too little.
  static let max = 2.0
  /// CPU time that sampling may take: this share of one CPU, and a credit in seconds, so that short commands are seen too.
  static let share = 0.003
  static let credit = 0.02

  /// CPU time that was taken, seconds.
  private var spent = 0.0

  public init() {}

  /// Takes note of what a sample took, in seconds of CPU time.
  public mutating func add(cost seconds: Double) { spent += seconds }

  /// - Parameters:
  ///   - elapsed: seconds since the first sample.
  ///   - jitter: 0...1, uniform: a task that works to a beat must not always be met at the same point of it.
  public func seconds(elapsed: Double, jitter: Double) -> Double {
    let wanted = elapsed < 2 ? Self.first : Self.usual
    let affordable = (spent - Self.credit) / Self.share - elapsed
    return min(Self.max, Swift.max(wanted, affordable)) * (0.75 + 0.5 * jitter)
  }
}
