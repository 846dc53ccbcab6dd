/// N. Gunther's universal scalability law, `X(N) = γN / (1 + α(N−1) + βN(N−1))`: α for what is done one at a time, β for
/// what each worker must agree on with every other (*Guerrilla Capacity Planning*, Springer 2007, chapter 4).
struct UniversalScalability: ScalingModel {
  static let name = ScalingFit.ModelName.usl
  static let fewestGroups = 3

  private let curve: ScalabilityCurve

  private let maxWorkers: Double

  init(fittedTo data: ScalingData) {
    curve = ScalabilityCurve(data, names: ["gamma", "alpha", "beta"])
    maxWorkers = data.range.upperBound
  }

  var alpha: Double { curve.coefficients[1] }
  var beta: Double { curve.coefficients[2] }
  var gamma: Double { curve.coefficients[0] }
  var standardErrors: [String: Double?] { curve.standardErrors }
  var degreesOfFreedom: Int { curve.degreesOfFreedom }

  var coefficients: [String: Double] { ["alpha": alpha, "beta": beta, "gamma": gamma] }

  /// Nil too where β is but a rounding error, which no measured number of workers would feel.
  var peakWorkers: Double? {
    beta * maxWorkers * maxWorkers > 1e-9 ? max(1, ((1 - alpha) / beta).squareRoot()) : nil
  }

  func throughput(workers: Double) -> Double { curve.value(workers) }
  func standardError(workers: Double) -> Double? { curve.standardError(workers) }
}

/// G. Amdahl's law as a throughput, `X(N) = γN / (1 + α(N−1))`, α being the share that only one worker at a time can do.
struct AmdahlScaling: ScalingModel {
  static let name = ScalingFit.ModelName.amdahl
  static let fewestGroups = 2

  private let curve: ScalabilityCurve

  init(fittedTo data: ScalingData) { curve = ScalabilityCurve(data, names: ["gamma", "alpha"]) }

  var alpha: Double { curve.coefficients[1] }
  var gamma: Double { curve.coefficients[0] }
  var standardErrors: [String: Double?] { curve.standardErrors }
  var degreesOfFreedom: Int { curve.degreesOfFreedom }

  var coefficients: [String: Double] { ["alpha": alpha, "gamma": gamma] }

  var peakWorkers: Double? { nil }

  func throughput(workers: Double) -> Double { curve.value(workers) }
  func standardError(workers: Double) -> Double? { curve.standardError(workers) }
}
