private import Statistics

/// The fitted curve that the universal law and Amdahl's share, `γN / (1 + α(N−1) + βN(N−1))`; coefficients in the order γ,
/// α, β, the last held at zero for Amdahl's.
struct ScalabilityCurve {
  let coefficients: [Double]
  let degreesOfFreedom: Int
  /// Nil for a coefficient on its bound, or without degrees of freedom.
  let standardErrors: [String: Double?]
  /// What the curve leaves unexplained, repeats included.
  let residualSumOfSquares: Double
  private let fit: CurveFit
  /// Standard deviation of a measurement about the curve; nil without degrees of freedom.
  private let deviation: Double?

  /// Least squares on throughput, α and β in 0...1.
  ///
  /// - Parameter names: of the coefficients that are fitted, in their order; β is zero unless it is among them.
  init(_ data: ScalingData, names: [String]) {
    let fit = Self.fit(data, betaBound: names.count == 3 ? 1 : 0)
    let freedom = data.points - names.count
    let unexplained = fit.residualSumOfSquares + data.groups.reduce(0) { $0 + $1.throughputSpread }
    let deviation = freedom > 0 ? (unexplained / Double(freedom)).squareRoot() : nil
    self.fit = fit
    residualSumOfSquares = unexplained
    self.deviation = deviation
    coefficients = fit.coefficients
    degreesOfFreedom = freedom
    standardErrors = Dictionary(
      uniqueKeysWithValues: zip(names, fit.unitErrors).map { name, error in
        (name, deviation.flatMap { deviation in error.map { $0 * deviation } })
      })
  }

  func value(_ workers: Double) -> Double { Self.curve(workers, coefficients).value }

  /// Standard error of the fitted throughput, to first order.
  func standardError(_ workers: Double) -> Double? {
    guard let deviation, let leverage = fit.leverage(of: Self.curve(workers, coefficients).gradient) else { return nil }
    return deviation * leverage.squareRoot()
  }

  private static func fit(_ data: ScalingData, betaBound: Double) -> CurveFit {
    let points = data.groups.map { CurveFit.Point(x: $0.workers, y: $0.throughput, weight: $0.count) }
    let bounds = [0...Double.greatestFiniteMagnitude, 0...1, 0...betaBound]
    let gamma = data.groups.map { $0.throughput / $0.workers }.max() ?? 1
    // The valley has flat ends: start in each part of it and keep the deepest place.
    let starts = [(0.01, 1e-4), (0.1, 0.01), (0, 0), (0.5, 0)].map { [gamma, $0.0, min($0.1, betaBound)] }
    let fits = starts.map { CurveFit(points, start: $0, bounds: bounds, curve: curve) }
    return fits.dropFirst().reduce(fits[0]) { $1.residualSumOfSquares < $0.residualSumOfSquares ? $1 : $0 }
  }

  private static let curve: CurveFit.Curve = { workers, c in
    let slowdown = 1 + c[1] * (workers - 1) + c[2] * workers * (workers - 1)
    let value = c[0] * workers / slowdown
    let bySlowdown = -value / slowdown
    return (value, [workers / slowdown, bySlowdown * (workers - 1), bySlowdown * workers * (workers - 1)])
  }
}
