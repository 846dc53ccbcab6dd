/// Whether what a straight line leaves keeps coming back to it, or wanders off as a random walk does (D. A. Dickey and
/// W. A. Fuller, *Distribution of the estimators for autoregressive time series with a unit root*, JASA 74, 1979).
public struct DickeyFuller: Sendable {
  /// Correlation of each residual with the one before it.
  public let autocorrelation: Double
  /// The t statistic of `Δe(t) = ρ·e(t−1)`; the more negative, the surer the return.
  public let statistic: Double
  private let count: Double

  /// - Parameter residuals: of a line with intercept and slope, in order of time.
  /// - Returns: nil for fewer than ten, and where nothing is left over.
  public init?(residuals: [Double]) {
    let pairs = zip(residuals, residuals.dropFirst())
    let squares = pairs.reduce(0) { $0 + $1.0 * $1.0 }
    guard residuals.count >= 10, squares > 0 else { return nil }
    count = Double(residuals.count)
    autocorrelation =
      pairs.reduce(0) { $0 + $1.0 * $1.1 } / residuals.reduce(0) { $0 + $1 * $1 }
    let slope = pairs.reduce(0) { $0 + ($1.1 - $1.0) * $1.0 } / squares
    let left = pairs.reduce(0) { sum, pair in
      let error = pair.1 - pair.0 - slope * pair.0
      return sum + error * error
    }
    statistic = left > 0 ? slope / (left / (count - 2) / squares).squareRoot() : -.infinity
  }

  /// Whether a random walk would come back so surely in at most one case of twenty: the critical value of a test with
  /// trend (J. G. MacKinnon, *Critical values for cointegration tests*, Queen's Economics Department 1227, 2010, table 2).
  public var returns: Bool { statistic < Self.criticalValue(count: count) }

  static func criticalValue(count: Double) -> Double {
    -3.41049 - 4.3904 / count - 9.036 / (count * count) - 45.374 / (count * count * count)
  }
}
