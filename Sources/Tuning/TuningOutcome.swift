public import AdvisorCore
private import func Glibc.expm1
internal import Statistics

/// The pick of a tuner, and how sure it is.
public struct TuningOutcome: Sendable, Hashable {
  /// Index of the best candidate; nil where none has worked.
  public var best: Int?
  /// Index of the candidate that the gain is measured against: the start, or the largest that works.
  public var reference: Int?
  public var gain: IntervalEstimate?
  /// What stopping now is expected to cost, as a share of the time.
  public var loss: Double?
  public var verdict: TuningReport.Verdict
  public var stop: TuningReport.Stop
}

extension IntervalEstimate {
  /// - Parameter logs: draws of the logarithm of the ratio of the two times, ascending.
  init(ofLogs logs: [Double]) {
    // The draws are a little too sure of themselves: the middle 94 % of them cover nine gains in ten.
    let quantiles = [0.03, 0.5, 0.97].map { expm1(logs.quantileOfSorted($0) ?? 0) }
    self.init(low: quantiles[0], value: quantiles[1], high: quantiles[2])
  }
}
