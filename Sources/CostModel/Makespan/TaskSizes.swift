import Statistics

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
