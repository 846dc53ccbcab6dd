private import AdvisorCore

/// A forecast in plain words: what has happened, when the capacity is reached, what that rests on.
struct ForecastVerdict {
  /// Why the dates are no more than a guess.
  let guess: String?
  let sentences: [String]

  init(_ forecast: LoadForecast, _ history: LoadHistory, _ outlook: Outlook) {
    let words = Words(forecast: forecast, history: history, outlook: outlook)
    guess = words.guess
    sentences = [
      words.exceeded, words.guess.map { "The dates are a guess: \($0)." }, words.dates, words.regime, words.growth,
      words.outliers, words.tomorrow, words.distance,
    ].compactMap(\.self)
  }
}

private struct Words {
  let forecast: LoadForecast
  let history: LoadHistory
  let outlook: Outlook

  /// The capacity, and what of it is kept free.
  private var capacity: String {
    let usable = Quantity.text(count: forecast.usableCapacity)
    guard forecast.headroom > 0 else { return usable }
    return "\(usable) (\(Quantity.text(count: forecast.capacity)) less "
      + "\(Quantity.text(count: forecast.headroom * 100)) % headroom)"
  }

  var exceeded: String? {
    guard let excess = forecast.exceeded else { return nil }
    let count = "\(excess.points) of \(forecast.points) \(steps)"
    return "The load has already reached \(capacity): on \(count), last \(when(excess.last.t)); the highest was "
      + "\(Quantity.text(count: excess.highest.load)) \(when(excess.highest.t))."
  }

  var guess: String? {
    switch outlook.doubt {
    case nil: nil
    case .wanders:
      "the load is like a random walk, so any trend may be chance; the forecast starts from the last load"
    case .fallsBack(let times):
      "the load rises and falls back (\(times) times, last \(forecast.breaks.last.map { when($0.t) } ?? "")), so the trend of "
        + "the whole history is used"
    case .breaksOften(let times): "the trend broke \(times) times"
    case .hasJustBroken(let count): "the trend broke \(count) \(steps) ago, too few for a new trend"
    case .drifts(let correlation):
      "the load stays above or below the trend for long (autocorrelation \(Quantity.significant(correlation)))"
    case .leaves:
      "the last loads, about \(Quantity.text(count: outlook.lastLevel)), have left the trend; if they stay there, it no longer holds"
    }
  }

  var dates: String {
    let percent = Quantity.text(count: forecast.level * 100)
    guard let upper = forecast.upperCrossing else {
      let within = "the upper \(percent) % stays below it for \(forecast.searchedSteps) \(steps)"
      return forecast.exceeded == nil
        ? "The capacity of \(capacity) holds: \(within)." : "From now on \(within)."
    }
    let early = "The upper \(percent) % reaches \(capacity) \(when(upper.t))"
    guard let point = forecast.pointCrossing else {
      return "\(early); the trend itself does not within \(forecast.searchedSteps) \(steps)."
    }
    return "\(early), the trend itself \(when(point.t))."
  }

  var regime: String? {
    guard let since = forecast.since else { return nil }
    let count = history.points.count { $0.time >= since.t }
    return "The trend broke \(when(since.t)): the forecast uses only the \(count) \(steps) since then."
  }

  var growth: String {
    let season = forecast.weeklySeason ? ", with a weekly season" : ""
    let change = abs(forecast.growthPerStep)
    let largest = forecast.model == .exponential ? 1 : history.points.map { abs($0.load) }.max() ?? 0
    // What is left of a constant by rounding is no growth.
    guard change * history.span / history.step > 1e-9 * largest else {
      return "The load neither grows nor falls\(season)."
    }
    let verb = forecast.growthPerStep < 0 ? "falls" : "grows"
    let each = history.hasDates ? step : "step"
    return switch forecast.model {
    case .linear: "The load \(verb) by \(Quantity.significant(change)) each \(each)\(season)."
    case .exponential: "The load \(verb) by \(Quantity.significant(change * 100)) % each \(each)\(season)."
    }
  }

  var outliers: String? {
    guard !forecast.outliers.isEmpty else { return nil }
    let list = forecast.outliers.map { "\(Quantity.text(count: $0.load)) \(when($0.t))" }.joined(separator: ", ")
    return "Left out as outliers: \(list). If a new level begins there, the dates do not hold."
  }

  /// Why the next interval leaves out the level of the last points, where it does.
  var tomorrow: String? {
    let next = outlook.predict(history.time(ahead: 1), reach: outlook.model.reach(level: forecast.level))
    guard outlook.lastLevel < next.low || outlook.lastLevel > next.high else { return nil }
    let cause =
      forecast.weeklySeason ? "weekdays differ" : outlook.lastLevel < next.low ? "the load grows" : "the load falls"
    return "The next \(history.hasDates ? step : "step"), \(Quantity.text(count: next.low)) to "
      + "\(Quantity.text(count: next.high)), does not contain the last level of \(Quantity.text(count: outlook.lastLevel)), because \(cause)."
  }

  var distance: String? {
    guard let upper = forecast.upperCrossing, Double(upper.stepsAhead) * forecast.step > history.span else {
      return nil
    }
    return "This is farther ahead than the history is long: treat it as a guess, and repeat it with more data."
  }

  /// `on 2026-03-05`, `at 12`.
  private func when(_ time: Double) -> String { "\(history.hasDates ? "on" : "at") \(history.text(time: time))" }

  private var step: String {
    if history.pace.isMonthly { return "month" }
    return switch (forecast.step * 1440).rounded() {
    case 1: "minute"
    case 60: "hour"
    case 1440: "day"
    case 10_080: "week"
    case ..<2880: Quantity.text(seconds: forecast.step * 86_400)
    default: "\(Quantity.significant(forecast.step)) days"
    }
  }

  /// More of them.
  private var steps: String {
    history.hasDates && !step.contains(" ") ? "\(step)s" : "points"
  }
}
