private import Statistics

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

  /// The probability that chance alone makes this law so much better than Amdahl's, of which it is an extension (F test of
  /// nested models); nil without a measurement beyond its three coefficients.
  func chance(insteadOf amdahl: AmdahlScaling) -> Double? {
    let (own, other) = (curve.residualSumOfSquares, amdahl.residualSumOfSquares)
    guard degreesOfFreedom > 0, beta > 0, other > own else { return degreesOfFreedom > 0 ? 1 : nil }
    // What rounding leaves is no error to compare with.
    guard own > 1e-20 * other else { return 0 }
    let freedom = Double(degreesOfFreedom)
    return FisherF(numerator: 1, denominator: freedom).probability(above: (other - own) / (own / freedom))
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

  var residualSumOfSquares: Double { curve.residualSumOfSquares }

  /// Throughput with any number of workers; nil where nothing but their number limits it.
  var limit: Double? { alpha > 0 ? gamma / alpha : nil }

  var alpha: Double { curve.coefficients[1] }
  var gamma: Double { curve.coefficients[0] }
  var standardErrors: [String: Double?] { curve.standardErrors }
  var degreesOfFreedom: Int { curve.degreesOfFreedom }

  var coefficients: [String: Double] { ["alpha": alpha, "gamma": gamma] }

  var peakWorkers: Double? { nil }

  func throughput(workers: Double) -> Double { curve.value(workers) }
  func standardError(workers: Double) -> Double? { curve.standardError(workers) }
}
