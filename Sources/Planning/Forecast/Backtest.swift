/// How far off the same way of forecasting has been on a history's own past, and how much wider its intervals ought to have been
/// (docs/model.md, 10.16).
struct Backtest {
  /// By steps ahead, from 1 on; empty where past intervals were wide enough.
  private let factors: [Double]

  /// - Parameter form: nil to take the likelier one, each time anew.
  init(_ history: LoadHistory, form: Trend.Form?) {
    let misses = Self.misses(history, form: form)
    // What the misses of m forecasts stay below in nineteen histories of twenty where intervals are right: the standard
    // error of a root mean square is 1/√(2m).
    let limit = 1 + 1.645 / (2 * Double(misses.first?.count ?? 1)).squareRoot()
    let isTooNarrow = Self.rootMeanSquare(misses.flatMap(\.self)) > limit
    factors = isTooNarrow ? misses.map { max(1, Self.rootMeanSquare($0)) } : []
  }

  var widens: Bool { !factors.isEmpty }

  /// What the margin of an interval is to be multiplied by; farther ahead than the past shows, as at its end.
  func factor(ahead: Double) -> Double {
    factors.isEmpty ? 1 : factors[min(factors.count, max(1, Int(ahead.rounded()))) - 1]
  }

  private static let maxOrigins = 12
  /// Fewer do not show how far off they are.
  private static let minForecasts = 6
  private static let maxAhead = 60
  /// Of a longer history the last ones.
  private static let maxPoints = 3000

  /// What forecasts from points of the second half have missed, in their own standard errors, by steps ahead.
  private static func misses(_ history: LoadHistory, form: Trend.Form?) -> [[Double]] {
    let points = Array(history.points.suffix(maxPoints))
    let first = points.count / 2
    // Breaks cannot be told from a shorter past, which would make it another way of forecasting.
    guard first >= 3 * Regimes.minLength else { return [] }
    var misses = Array(repeating: [Double](), count: maxAhead)
    for origin in (0..<maxOrigins).map({ first + (points.count - 1 - first) * $0 / (maxOrigins - 1) }) {
      let past = try? LoadHistory(Array(points[..<origin]), hasDates: history.hasDates, unit: history.unit)
      guard let outlook = past.flatMap({ Outlook($0, form: form) }) else { continue }
      for (ahead, point) in points[origin...].prefix(maxAhead).enumerated() {
        if let miss = outlook.miss(point) { misses[ahead].append(miss) }
      }
    }
    return Array(misses.prefix { $0.count >= minForecasts })
  }

  private static func rootMeanSquare(_ values: [Double]) -> Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count))).squareRoot()
  }
}
