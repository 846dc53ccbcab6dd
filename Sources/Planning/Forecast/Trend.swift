private import func Glibc.exp
private import func Glibc.expm1
private import func Glibc.log
private import Statistics

/// A straight line through loads, or through their logarithms.
struct Trend: LoadModel {
  enum Form: String, Codable, Sendable {
    case linear, exponential

    /// A load on the scale on which the trend is straight.
    func scaled(_ load: Double) -> Double { self == .linear ? load : log(load) }
    func unscaled(_ value: Double) -> Double { self == .linear ? value : exp(value) }
  }

  let form: Form
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
  init?(_ history: LoadHistory, form: Form) {
    guard form == .linear || history.points.allSatisfy({ $0.load > 0 }) else { return nil }
    self.form = form
    // Counted in steps from the middle, dates keep all their digits.
    let pace = history.pace
    let last = pace.steps(to: history.last)
    centre = history.points.reduce(0) { $0 + (pace.steps(to: $1.time) - last) } / Double(history.points.count) + last
    self.pace = pace
    var regression = LeastSquares(columns: 2)
    for point in history.points {
      regression.add([1, pace.steps(to: point.time) - centre], observed: form.scaled(point.load))
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

  var growthError: Double { deviation * (regression.leverage(of: [0, 1]) ?? 0).squareRoot() }

  /// Growth in one step: added, or the factor less one for the exponential form.
  var growthPerStep: Double { form == .linear ? coefficients[1] : expm1(coefficients[1]) }

  /// Intercept at time zero and slope per unit of time (of the logarithm for the exponential form).
  var line: (intercept: Double, slope: Double) {
    (coefficients[0] - coefficients[1] * centre, coefficients[1] / pace.step)
  }

  /// Standard errors on either side of the line that hold a new observation with this probability.
  func reach(level: Double) -> Double { StudentT(degreesOfFreedom: degreesOfFreedom).quantile((1 + level) / 2) }

  /// The load to expect, and the ends of the interval of a number of standard errors to either side.
  func predict(_ time: Double, reach: Double) -> (load: Double, low: Double, high: Double) {
    let row = [1, pace.steps(to: time) - centre]
    let expected = zip(row, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    let margin = reach * deviation * (1 + (regression.leverage(of: row) ?? 0)).squareRoot()
    return (form.unscaled(expected), form.unscaled(expected - margin), form.unscaled(expected + margin))
  }
}

extension Trend {
  /// The form that the history speaks for.
  ///
  /// - Parameter form: nil to take the likelier one.
  static func best(_ history: LoadHistory, form: Form?) -> Trend? {
    (form.map { [$0] } ?? [.linear, .exponential]).compactMap { Trend(history, form: $0) }
      .min { $0.deviance < $1.deviance }
  }
}
