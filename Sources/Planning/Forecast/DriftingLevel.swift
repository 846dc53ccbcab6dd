private import func Glibc.expm1
private import Statistics

/// A load whose level moves: exponential smoothing with a drift, the slope of the line through the history
/// (docs/model.md, 10.15).
///
/// The Theta method as R. J. Hyndman and B. Billah read it (*Unmasking the Theta method*, Int. J. Forecasting 19, 2003), with
/// the whole slope: what a planner asks for is far ahead, and there half of a slope is too late.
struct DriftingLevel: LoadModel {
  let form: Trend.Form
  let deviation: Double
  private let level: Level
  /// Standard deviations 1, 2, … steps ahead, as past forecasts have missed.
  private let spreads: [Double]
  private let count: Double
  private let degreesOfFreedom: Double
  /// In steps from time zero.
  private let last: Double
  private let pace: LoadHistory.Pace

  /// Nil for loads that the form does not apply to, or fewer than eight of them.
  ///
  /// - Parameter parameters: how many the seasons have that were taken off before.
  init?(_ history: LoadHistory, form: Trend.Form, parameters: Int) {
    let points = history.points.suffix(Self.maxPoints)
    guard points.count >= 8, form == .linear || points.allSatisfy({ $0.load > 0 }) else { return nil }
    let values = points.map { form.scaled($0.load) }
    self.form = form
    pace = history.pace
    last = history.pace.steps(to: history.last)
    level = Level(fittedTo: values)
    count = Double(values.count)
    let used = Double(min(parameters, values.count / 4)) + 3
    degreesOfFreedom = max(count - used, 3)
    // Some parameters were fitted to the same loads.
    let inflation = (count / max(count - used, count / 3)).squareRoot()
    spreads = level.misses(values).map { $0 * inflation }
    deviation = spreads.first ?? 0
  }

  private static let maxPoints = 10_000

  var growthError: Double { deviation * level.alpha * (1.2 / count).squareRoot() }
  var growthPerStep: Double { form == .linear ? level.drift : expm1(level.drift) }
  var line: (intercept: Double, slope: Double) { (level.last - level.drift * last, level.drift / pace.step) }

  func reach(level: Double) -> Double { StudentT(degreesOfFreedom: degreesOfFreedom).quantile((1 + level) / 2) }

  func predict(_ time: Double, reach: Double) -> (load: Double, low: Double, high: Double) {
    let ahead = pace.steps(to: time) - last
    let (expected, margin) = (level.last + level.drift * ahead, reach * spread(max(1, ahead)))
    return (form.unscaled(expected), form.unscaled(expected - margin), form.unscaled(expected + margin))
  }

  /// At least what the theory says, and what past forecasts show.
  private func spread(_ ahead: Double) -> Double {
    guard !spreads.isEmpty else { return 0 }
    let place = min(Int(ahead.rounded()), spreads.count)
    return max(deviation * inertia(ahead), spreads[place - 1] * inertia(ahead) / inertia(Double(place)))
  }

  /// How much wider than one step ahead: √(1 + (h − 1)·α²), as of an error the share α stays in the level, and the error of
  /// the drift beside it, of a line through a level that walks: 6/5·α²·h²/n (S. N. Durlauf and P. C. B. Phillips, *Trends
  /// versus random walks in time series analysis*, Econometrica 56, 1988).
  private func inertia(_ ahead: Double) -> Double {
    let share = level.alpha * level.alpha
    return (1 + (ahead - 1) * share + 1.2 * share * ahead * ahead / count).squareRoot()
  }
}

/// Exponential smoothing of a level that moves by the same each step.
private struct Level {
  private(set) var alpha = 0.5
  private(set) var last = 0.0
  let drift: Double
  private let start: Double

  /// The α of 0.02, 0.04, …, 1 that leaves the least sum of squares one step ahead.
  init(fittedTo values: [Double]) {
    var line = LeastSquares(columns: 2)
    let middle = Double(values.count - 1) / 2
    for (index, value) in values.enumerated() { line.add([1, Double(index) - middle], observed: value) }
    drift = line.coefficients.map { $0[1] } ?? 0
    start = values.prefix(5).reduce(0, +) / Double(min(5, values.count))
    var least = Double.infinity
    for share in (1...50).map({ Double($0) / 50 }) {
      let squares = squares(values, alpha: share)
      if squares < least { (least, alpha) = (squares, share) }
    }
    last = levels(values, alpha: alpha).last ?? start
  }

  private func squares(_ values: [Double], alpha: Double) -> Double {
    zip(levels(values, alpha: alpha), values.dropFirst()).dropFirst(2).reduce(0) { sum, pair in
      let miss = pair.1 - pair.0 - drift
      return sum + miss * miss
    }
  }

  /// The level after each value.
  private func levels(_ values: [Double], alpha: Double) -> [Double] {
    var level = start
    return values.map { value in
      level += drift
      level += alpha * (value - level)
      return level
    }
  }

  /// Root mean squares of what forecasts from each past point have missed, by steps ahead.
  func misses(_ values: [Double]) -> [Double] {
    let levels = levels(values, alpha: alpha)
    let start = min(max(8, values.count / 10), values.count / 2)
    return (1...Self.maxAhead).prefix { $0 == 1 || values.count - $0 - start >= 8 }.map { ahead in
      let squares = (start..<(values.count - ahead)).reduce(0.0) { sum, index in
        let miss = values[index + ahead] - levels[index] - drift * Double(ahead)
        return sum + miss * miss
      }
      return (squares / Double(values.count - ahead - start)).squareRoot()
    }
  }

  private static let maxAhead = 60
}
