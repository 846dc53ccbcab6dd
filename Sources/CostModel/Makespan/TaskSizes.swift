import Statistics
private import func Glibc.exp
private import func Glibc.lgamma
private import func Glibc.log1p
private import func Glibc.pow

/// How the sizes of the tasks of a job are distributed, in units of their mean.
protocol TaskSizes: Sendable {
  /// Squared coefficient of variation.
  var scv: Double { get }
  /// The share of tasks longer than `x` mean sizes.
  func survival(_ x: Double) -> Double
  /// The size below which lies that share of the tasks.
  func quantile(_ share: Double) -> Double
}

/// Sizes that vary as many small factors multiplied.
struct LognormalSizes: TaskSizes, Hashable {
  let scv: Double
  private let distribution: Lognormal

  init(scv: Double) {
    self.scv = scv
    distribution = Lognormal(mean: 1, coefficientOfVariation: scv.squareRoot())
  }

  func survival(_ x: Double) -> Double { scv > 0 ? 1 - distribution.cumulative(x) : (x < 1 ? 1 : 0) }
  func quantile(_ share: Double) -> Double { scv > 0 ? distribution.quantile(share) : 1 }
}

/// Sizes with a tail that is lighter than the lognormal's, the more so the larger `shape`, Weibull's k, is.
struct WeibullSizes: TaskSizes, Hashable {
  let shape: Double
  let scv: Double
  /// Γ(1 + 1/k), the mean of sizes of scale 1.
  private let mean: Double

  init(shape: Double) {
    self.shape = shape
    mean = exp(lgamma(1 + 1 / shape).0)
    scv = max(0, exp(lgamma(1 + 2 / shape).0) / (mean * mean) - 1)
  }

  func survival(_ x: Double) -> Double { exp(-pow(max(0, x) * mean, shape)) }
  func quantile(_ share: Double) -> Double { pow(-log1p(-min(share, 1 - 1e-16)), 1 / shape) / mean }
}

/// Sizes of a least one and something exponential beyond it.
struct ExponentialSizes: TaskSizes, Hashable {
  /// The least size, below 1.
  let least: Double

  var scv: Double { (1 - least) * (1 - least) }
  func survival(_ x: Double) -> Double { x <= least ? 1 : exp((least - x) / (1 - least)) }
  func quantile(_ share: Double) -> Double { least - (1 - least) * log1p(-min(share, 1 - 1e-16)) }
}
