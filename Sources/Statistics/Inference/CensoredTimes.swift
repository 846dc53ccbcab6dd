private import func Glibc.exp
private import func Glibc.log

/// What tasks take in the mean, by those that have ended and by how long others have been running: the first to end are the
/// shortest, so that their own mean says too little.
///
/// How much longer the others take depends on the tail of the distribution, which nobody has seen yet: Weibull's is light, the
/// lognormal's heavy, and what all have in common may be a least time (W. Nelson, *Applied Life Data Analysis*, 1982, chapters
/// 3 and 8).
public struct CensoredTimes: Sendable, Hashable {
  /// What is believed if times are Weibull, whose ``Belief/shape`` is k.
  public let weibull: Belief
  /// What is believed if times are lognormal, whose ``Belief/shape`` is the standard deviation of the logarithm.
  public let lognormal: Belief
  /// What is believed if times are a least time and an exponential one, ``Belief/shape`` the share of the least in the mean.
  public let exponential: Belief

  /// - Parameters:
  ///   - ended: times of those that have ended, in seconds.
  ///   - running: how long others have been running.
  /// - Returns: nil for less than two that have ended in a time above zero.
  public init?(ended: [Double], running: [Double]) {
    let (ended, running) = (ended.filter { $0 > 0 }, running.filter { $0 > 0 })
    guard ended.count >= 2, let longest = (ended + running).max() else { return nil }
    let logs = (ended: ended.map { log($0 / longest) }, running: running.map { log($0 / longest) })
    weibull = Self.weibull(logs.ended, logs.running).scaled(by: longest)
    lognormal = Self.lognormal(logs.ended, logs.running).scaled(by: longest)
    exponential = Self.exponential(ended, running)
  }

  /// What is believed of times whose distribution is of one kind.
  public struct Belief: Sendable, Hashable {
    /// The expected logarithm of the mean time, in seconds, and its variance.
    public var logMean: Double
    public var variance: Double
    /// Of the distribution, the geometric mean of what is believed.
    public var shape: Double
  }
}

extension CensoredTimes.Belief {
  /// Several beliefs by the logarithm of the likelihood of each.
  init(_ points: [(belief: Self, logLikelihood: Double)]) {
    let best = points.map(\.logLikelihood).max() ?? 0
    let weights = points.map { exp($0.logLikelihood - best) }
    let sum = weights.reduce(0, +)
    func expected(_ value: (Self) -> Double) -> Double {
      zip(points, weights).reduce(0) { $0 + value($1.0.belief) * $1.1 } / sum
    }
    let mean = expected(\.logMean)
    logMean = mean
    variance = expected { $0.variance + ($0.logMean - mean) * ($0.logMean - mean) }
    shape = exp(expected { log($0.shape) })
  }

  fileprivate func scaled(by factor: Double) -> Self {
    Self(logMean: logMean + log(factor), variance: variance, shape: shape)
  }
}
