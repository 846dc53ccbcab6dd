private import func Glibc.exp
private import func Glibc.expm1
private import func Glibc.log
private import Statistics
import Documents

/// A straight line through loads, or through their logarithms, with a level for each day of the week where asked for.
struct Trend: LoadModel {
  enum Form: String, Codable, Sendable {
    case linear, exponential

    /// A load on the scale on which the trend is straight.
    func scaled(_ load: Double) -> Double { self == .linear ? load : log(load) }
    func unscaled(_ value: Double) -> Double { self == .linear ? value : exp(value) }
  }

  let form: Form
  let hasWeeklySeason: Bool
  /// Standard deviation about the line; of the logarithms for the exponential form.
  let deviation: Double
  let degreesOfFreedom: Double
  let residualSumOfSquares: Double
  /// Twice the negative log-likelihood of the loads themselves, less constants: comparable between forms.
  let deviance: Double
  private let regression: LeastSquares
  private let coefficients: [Double]
  /// In steps from time zero.
  private let centre: Double
  private let pace: LoadHistory.Pace

  /// Nil where the form does not apply: logarithms of loads that are not positive, or too few points.
  init?(_ history: LoadHistory, form: Form, weeklySeason: Bool) {
    guard form == .linear || history.points.allSatisfy({ $0.load > 0 }) else { return nil }
    self.form = form
    hasWeeklySeason = weeklySeason
    // Counted in steps from the middle, dates keep all their digits.
    let pace = history.pace
    let last = pace.steps(to: history.last)
    centre = history.points.reduce(0) { $0 + (pace.steps(to: $1.time) - last) } / Double(history.points.count) + last
    self.pace = pace
    var regression = LeastSquares(columns: weeklySeason ? 8 : 2)
    for point in history.points {
      let row = Self.row(point.time, centre: centre, pace: pace, weeklySeason: weeklySeason)
      regression.add(row, observed: form.scaled(point.load))
    }
    let count = Double(history.points.count)
    degreesOfFreedom = count - Double(regression.columns)
    guard degreesOfFreedom > 0, let coefficients = regression.coefficients else { return nil }
    self.coefficients = coefficients
    self.regression = regression
    residualSumOfSquares = regression.residualSumOfSquares
    deviation = (residualSumOfSquares / degreesOfFreedom).squareRoot()
    let jacobian = form == .linear ? 0 : history.points.reduce(0) { $0 + log($1.load) }
    deviance = count * log(residualSumOfSquares / count) + 2 * jacobian
  }

  /// Growth in one step: added, or the factor less one for the exponential form.
  var growthPerStep: Double { form == .linear ? coefficients[1] : expm1(coefficients[1]) }

  /// Intercept at time zero and slope per unit of time (of the logarithm for the exponential form), season aside.
  var line: (intercept: Double, slope: Double) {
    (coefficients[0] - coefficients[1] * centre, coefficients[1] / pace.step)
  }

  /// Standard errors on either side of the line that hold a new observation with this probability.
  func reach(level: Double) -> Double { StudentT(degreesOfFreedom: degreesOfFreedom).quantile((1 + level) / 2) }

  /// The load to expect, and the ends of the interval of a number of standard errors to either side.
  func predict(_ time: Double, reach: Double) -> (load: Double, low: Double, high: Double) {
    let row = Self.row(time, centre: centre, pace: pace, weeklySeason: hasWeeklySeason)
    let expected = zip(row, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    let margin = reach * deviation * (1 + (regression.leverage(of: row) ?? 0)).squareRoot()
    return (form.unscaled(expected), form.unscaled(expected - margin), form.unscaled(expected + margin))
  }

  private static func row(
    _ time: Double, centre: Double, pace: LoadHistory.Pace, weeklySeason: Bool
  ) -> [Double] {
    let line = [1, pace.steps(to: time) - centre]
    guard weeklySeason else { return line }
    let weekday = CivilDate.weekday(days: time)
    return line + (1...6).map { weekday == $0 ? 1 : 0 }
  }
}

extension Trend {
  /// The form, and the season, that the history speaks for.
  ///
  /// - Parameter form: nil to take the likelier one.
  static func best(_ history: LoadHistory, form: Form?) -> Trend? {
    let forms = form.map { [$0] } ?? [.linear, .exponential]
    let candidates = forms.compactMap { best(history, of: $0) }
    return candidates.min { $0.deviance < $1.deviance }
  }

  private static func best(_ history: LoadHistory, of form: Form) -> Trend? {
    guard let plain = Trend(history, form: form, weeklySeason: false) else { return nil }
    guard history.hasDates, history.step <= 1, history.span >= 20,
      let seasonal = Trend(history, form: form, weeklySeason: true), seasonal.improves(on: plain)
    else { return plain }
    return seasonal
  }

  /// Whether the weekdays explain more than chance would in one history of a hundred (F test of nested models).
  private func improves(on plain: Trend) -> Bool {
    let saved = plain.residualSumOfSquares - residualSumOfSquares
    guard saved > 1e-12 * plain.residualSumOfSquares else { return false }
    guard residualSumOfSquares > 0 else { return true }
    let ratio = saved / 6 / (residualSumOfSquares / degreesOfFreedom)
    return FisherF(numerator: 6, denominator: degreesOfFreedom).probability(above: ratio) < 0.01
  }
}
