import AdvisorCore
import Planning

/// The sentences of a load forecast, in its own capacity, steps and dates.
struct ForecastSentences {
  private let forecast: LoadForecast

  init(_ forecast: LoadForecast) { self.forecast = forecast }

  func text(_ finding: LoadForecast.Finding) -> String {
    switch finding {
    case .exceeded(let points, let last, let highest): exceeded(points, last, highest)
    case .holds(let steps):
      forecast.isFloor
        ? "The load stays above \(capacityText): \(below(steps))."
        : "The capacity of \(capacityText) holds: \(below(steps))."
    case .staysBelow(let steps): "From now on \(below(steps))."
    case .upperReaches(let upper, let steps):
      "\(early(upper)); the trend itself does not within \(span(steps))."
    case .reaches(let upper, let trend): "\(early(upper)), the trend itself \(when(trend.t, trend.date))."
    case .regime(let since, let points):
      "The trend broke \(when(since)): the forecast uses only the \(span(points)) since then."
    case .flat: "The load neither grows nor falls\(season)."
    case .growth(let perStep):
      "The load \(perStep < 0 ? "falls" : "grows") by \(amount(abs(perStep))) each \(step)\(season)."
    case .growthByShare(let perStep):
      "The load \(perStep < 0 ? "falls" : "grows") by \(Quantity.text(share: abs(perStep))) each \(step)\(season)."
    case .outliers(let outliers): self.outliers(outliers)
    case .leavesLastLevel(let low, let high, let level, let cause): leaves(low, high, level, cause)
    case .beyondHistory:
      "This is farther ahead than the history is long: treat it as a guess, and repeat it with more data."
    }
  }

  func text(_ doubt: LoadForecast.Doubt) -> String { "The dates are a guess: \(cause(doubt))." }

  private func cause(_ doubt: LoadForecast.Doubt) -> String {
    switch doubt {
    case .randomWalk:
      "the load is like a random walk, so any trend may be chance; the forecast starts from the last load"
    case .fallsBack(let times):
      "the load rises and falls back (\(count(times, "time")), last \(forecast.breaks.last.map(when) ?? "")), so the trend of the "
        + "whole history is used"
    case .inSteps(let times):
      "the load goes from one level to the next (\(count(times, "time")), last \(forecast.breaks.last.map(when) ?? "")), so the trend of "
        + "the whole history is used"
    case .breaksOften(let times): "the trend broke \(count(times, "time"))"
    case .justBroken(let points): "the trend broke \(span(points)) ago, too few for a new trend"
    case .autocorrelated(let autocorrelation):
      "the load stays above or below the trend for long (autocorrelation \(Quantity.significant(autocorrelation)))"
    case .leavesTrend(let level):
      "the last loads, about \(load(level)), have left the trend; if they stay there, it no longer holds"
    }
  }

  func exceeded(_ points: Int, _ last: LoadForecast.Past, _ highest: LoadForecast.Past) -> String {
    "The load has already reached \(capacityText): on \(points) of \(forecast.points) \(steps), last \(when(last)); the "
      + "\(forecast.isFloor ? "lowest" : "highest") was \(load(highest.load)) \(when(highest))."
  }

  private func outliers(_ outliers: [LoadForecast.Past]) -> String {
    let list = outliers.map { "\(load($0.load)) \(when($0))" }.joined(separator: ", ")
    return "Left out as outliers: \(list). If a new level begins there, the dates do not hold."
  }

  private func leaves(
    _ low: Double, _ high: Double, _ level: Double, _ cause: LoadForecast.Finding.Cause
  ) -> String {
    let because =
      switch cause {
      case .season: "it repeats \(cycles)"
      case .growth: "the load grows"
      case .decline: "the load falls"
      }
    return
      "The next \(step), \(load(low)) to \(load(high)), does not contain the last level "
      + "of \(load(level)), because \(because)."
  }

  /// The capacity, and what of it is kept free.
  var capacityText: String {
    let usable = load(forecast.usableCapacity)
    guard forecast.headroom > 0 else { return usable }
    return "\(usable) (\(load(forecast.capacity)) \(forecast.isFloor ? "plus" : "less") "
      + "\(Quantity.text(share: forecast.headroom)) headroom)"
  }

  private var season: String { forecast.seasons.isEmpty ? "" : ", and repeats \(cycles)" }

  /// `every day and every week`.
  private var cycles: String {
    let cycles = forecast.seasons.map { season in
      switch season {
      case .hourOfDay: "every day"
      case .dayOfWeek, .hourOfWeek: "every week"
      case .monthOfYear, .quarterOfYear: "every year"
      }
    }
    return cycles.joined(separator: " and ")
  }

  /// Growth in its unit; a percentage grows by points.
  private func amount(_ growth: Double) -> String {
    switch forecast.unit {
    case .percent?: count(growth, "point")
    case .bytes?, .seconds?: load(growth)
    default: Quantity.significant(growth) + (forecast.unit.map { " \($0.name)" } ?? "")
    }
  }

  private func load(_ value: Double) -> String { QuantityUnit.text(value, in: forecast.unit) }

  /// What the end of the interval is called that is nearer to the capacity.
  private var bound: String { forecast.isFloor ? "lower" : "upper" }

  private var percent: String { Quantity.text(share: forecast.level) }

  private func below(_ steps: Int) -> String {
    "the \(bound) \(percent) stays \(forecast.isFloor ? "above" : "below") it for \(span(steps))"
  }

  private func early(_ upper: LoadForecast.Crossing) -> String {
    "The \(bound) \(percent) reaches \(capacityText) \(when(upper.t, upper.date))"
  }

  private func when(_ past: LoadForecast.Past) -> String { when(past.t, past.date) }

  /// `on 2026-03-05`, `at 12`.
  private func when(_ time: Double, _ date: String?) -> String {
    date.map { "on \($0)" } ?? "at \(Quantity.text(count: time))"
  }

  var step: String {
    switch forecast.stepUnit {
    case .step, .minute, .hour, .day, .week, .month, .quarter, .year: forecast.stepUnit.rawValue
    case .seconds: Quantity.text(seconds: forecast.step * 86_400)
    case .days: count(forecast.step, "day")
    }
  }

  /// `1 day`, `3 days`, `2 points`; what is too many steps to picture in a larger unit, `50 years`.
  func span(_ points: Int) -> String {
    let isEven = [.minute, .hour, .day, .week].contains(forecast.stepUnit)
    return isEven && points >= 1000
      ? Quantity.text(seconds: Double(points) * forecast.step * 86_400) : count(points, String(steps.dropLast()))
  }

  /// More of them.
  var steps: String {
    switch forecast.stepUnit {
    case .minute, .hour, .day, .week, .month, .quarter, .year: "\(step)s"
    case .step, .seconds, .days: "points"
    }
  }
}

extension LoadForecast {
  private var words: ForecastSentences { ForecastSentences(self) }

  /// What has happened, whether the dates are a guess, the dates, and what they rest on.
  var sentences: [String] {
    [exceededText, guessText].compactMap(\.self) + dates + basis
  }

  /// What has happened already.
  var exceededText: String? { verdict.first(where: \.isPast).map(words.text) }

  var guessText: String? { guess.map(words.text) }

  private var dates: [String] { verdict.filter { !$0.isPast }.prefix(1).map(words.text) }

  /// What the dates rest on.
  var basis: [String] { verdict.filter { !$0.isPast }.dropFirst().map(words.text) }
}

extension LoadForecast.Finding {
  /// Whether it tells what has been, not what will be.
  fileprivate var isPast: Bool { if case .exceeded = self { true } else { false } }
}
