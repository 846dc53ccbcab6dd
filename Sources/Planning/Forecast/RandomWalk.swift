private import func Glibc.expm1
private import Statistics

/// A load that goes on from where it is, with steps of random size: a random walk with drift.
///
/// h steps ahead its variance is σ²(h + h²/T), T the steps of the past (docs/model.md, 10.12).
struct RandomWalk: LoadModel {
  let form: Trend.Form
  /// Standard deviation of one step.
  let deviation: Double
  private let drift: Double
  /// The last load; its time in steps from time zero.
  private let last: (time: Double, load: Double)
  private let steps: Double
  private let pace: LoadHistory.Pace

  /// Nil for loads that the form does not apply to, or fewer than four of them.
  init?(_ history: LoadHistory, form: Trend.Form) {
    let points = history.points.filter { form == .linear || $0.load > 0 }.map {
      (time: history.pace.steps(to: $0.time), load: form.scaled($0.load))
    }
    guard points.count == history.points.count, points.count >= 4, let first = points.first, let last = points.last
    else { return nil }
    self.form = form
    self.last = last
    pace = history.pace
    steps = last.time - first.time
    drift = (last.load - first.load) / steps
    deviation = (Self.squares(points) / Double(points.count - 2)).squareRoot()
  }

  /// Sum of the squared steps about their mean, each divided by the time that it took.
  static func squares(_ points: [(time: Double, load: Double)]) -> Double {
    guard let first = points.first, let last = points.last, last.time > first.time else { return 0 }
    let drift = (last.load - first.load) / (last.time - first.time)
    return zip(points, points.dropFirst()).reduce(0) { sum, pair in
      let time = pair.1.time - pair.0.time
      let error = pair.1.load - pair.0.load - drift * time
      return time > 0 ? sum + error * error / time : sum
    }
  }

  var growthError: Double { deviation / steps.squareRoot() }
  var growthPerStep: Double { form == .linear ? drift : expm1(drift) }
  var line: (intercept: Double, slope: Double) { (last.load - drift * last.time, drift / pace.step) }

  func reach(level: Double) -> Double { StudentT(degreesOfFreedom: max(1, steps - 1)).quantile((1 + level) / 2) }

  func predict(_ time: Double, reach: Double) -> (load: Double, low: Double, high: Double) {
    let ahead = pace.steps(to: time) - last.time
    let expected = last.load + drift * ahead
    let margin = reach * deviation * (abs(ahead) + ahead * ahead / steps).squareRoot()
    return (form.unscaled(expected), form.unscaled(expected - margin), form.unscaled(expected + margin))
  }
}
