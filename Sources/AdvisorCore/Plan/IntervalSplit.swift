/// Where the width of a prediction's 90 % interval comes from.
public struct IntervalSplit: Codable, Sendable, Hashable {
  public enum Source: String, Codable, Sendable, CaseIterable {
    /// Errors of the calibrated costs.
    case calibration
    /// The draw of the tasks' sizes.
    case taskSizes = "task sizes"
    /// What the model's parts were off by in recorded verifications.
    case model
    /// The same work takes longer in one run than in another, and so it does beside other processes.
    case runNoise = "run noise"
  }

  /// What one source alone makes of the interval.
  public struct Share: Codable, Sendable, Hashable {
    public var source: Source
    /// Of the variance of the logarithm of the seconds, 0 to 1; the shares add up to 1.
    public var share: Double
    /// Width of the 90 % interval over its median if this were the only source.
    public var width: Double

    public init(source: Source, share: Double, width: Double) {
      self.source = source
      self.share = share
      self.width = width
    }
  }

  /// Width of the 90 % interval over its median, as predicted.
  public var width: Double
  /// The same without past runs.
  public var widthWithoutHistory: Double
  /// Past runs of such jobs that were taken into account.
  public var pastRuns: Int
  /// The largest first; what there is without past runs.
  public var shares: [Share]

  public init(width: Double, widthWithoutHistory: Double, pastRuns: Int, shares: [Share]) {
    self.width = width
    self.widthWithoutHistory = widthWithoutHistory
    self.pastRuns = pastRuns
    self.shares = shares
  }
}

extension Prediction.Seconds {
  /// Width of the 90 % interval over its median.
  public var relativeWidth: Double { p50 > 0 ? (p95 - p5) / p50 : 0 }
}
