private import Statistics

/// N. Gunther's universal scalability law, `X(N) = γN / (1 + α(N−1) + βN(N−1))`: α for what is done one at a time, β for
/// what each worker must agree on with every other (*Guerrilla Capacity Planning*, Springer 2007, chapter 4).
struct UniversalScalability: ScalingModel {
  static let name = ScalingFit.ModelName.usl
  static let fewestGroups = 3

  let alpha: Double
  let beta: Double
  let gamma: Double
  let standardErrors: [String: Double?]

  init(fittedTo data: ScalingData) {
    let fit = ScalabilityCurve.fit(data, betaBound: 1)
    (gamma, alpha, beta) = (fit.coefficients[0], fit.coefficients[1], fit.coefficients[2])
    standardErrors = ScalabilityCurve.standardErrors(fit, data, names: ["gamma", "alpha", "beta"])
  }

  var coefficients: [String: Double] { ["alpha": alpha, "beta": beta, "gamma": gamma] }

  var peakWorkers: Double? { beta > 0 ? max(1, ((1 - alpha) / beta).squareRoot()) : nil }

  func throughput(workers: Double) -> Double { ScalabilityCurve.value(workers, [gamma, alpha, beta]) }
}

/// G. Amdahl's law as a throughput, `X(N) = γN / (1 + α(N−1))`, α being the share that only one worker at a time can do.
struct AmdahlScaling: ScalingModel {
  static let name = ScalingFit.ModelName.amdahl
  static let fewestGroups = 2

  let alpha: Double
  let gamma: Double
  let standardErrors: [String: Double?]

  init(fittedTo data: ScalingData) {
    let fit = ScalabilityCurve.fit(data, betaBound: 0)
    (gamma, alpha) = (fit.coefficients[0], fit.coefficients[1])
    standardErrors = ScalabilityCurve.standardErrors(fit, data, names: ["gamma", "alpha"])
  }

  var coefficients: [String: Double] { ["alpha": alpha, "gamma": gamma] }

  var peakWorkers: Double? { nil }

  func throughput(workers: Double) -> Double { ScalabilityCurve.value(workers, [gamma, alpha, 0]) }
}

/// The curve that both laws share; coefficients in the order γ, α, β.
private enum ScalabilityCurve {
  static func value(_ workers: Double, _ c: [Double]) -> Double { c[0] * workers / slowdown(workers, c) }

  /// Least squares on throughput, α in 0...1 and β in 0...bound.
  static func fit(_ data: ScalingData, betaBound: Double) -> CurveFit {
    let points = data.groups.map { CurveFit.Point(x: $0.workers, y: $0.throughput, weight: $0.count) }
    let bounds = [0...Double.greatestFiniteMagnitude, 0...1, 0...betaBound]
    let gamma = data.groups.map { $0.throughput / $0.workers }.max() ?? 1
    // The valley has flat ends: start in each part of it and keep the deepest place.
    let starts = [(0.01, 1e-4), (0.1, 0.01), (0, 0), (0.5, 0)].map { [gamma, $0.0, min($0.1, betaBound)] }
    let fits = starts.map { CurveFit(points, start: $0, bounds: bounds, curve: curve) }
    return fits.dropFirst().reduce(fits[0]) { $1.residualSumOfSquares < $0.residualSumOfSquares ? $1 : $0 }
  }

  static func standardErrors(_ fit: CurveFit, _ data: ScalingData, names: [String]) -> [String: Double?] {
    let freedom = data.points - names.count
    let unexplained = fit.residualSumOfSquares + data.groups.reduce(0) { $0 + $1.throughputSpread }
    let deviation = freedom > 0 ? (unexplained / Double(freedom)).squareRoot() : nil
    return Dictionary(
      uniqueKeysWithValues: zip(names, fit.unitErrors).map { name, error in
        (name, deviation.flatMap { deviation in error.map { $0 * deviation } })
      })
  }

  private static func slowdown(_ workers: Double, _ c: [Double]) -> Double {
    1 + c[1] * (workers - 1) + c[2] * workers * (workers - 1)
  }

  private static let curve: CurveFit.Curve = { workers, c in
    let slowdown = slowdown(workers, c)
    let value = c[0] * workers / slowdown
    let bySlowdown = -value / slowdown
    return (value, [workers / slowdown, bySlowdown * (workers - 1), bySlowdown * workers * (workers - 1)])
  }
}
