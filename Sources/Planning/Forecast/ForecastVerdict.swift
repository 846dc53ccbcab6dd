private import AdvisorCore

/// A forecast in plain words.
struct ForecastVerdict {
  let sentences: [String]

  init(_ forecast: LoadForecast, _ history: LoadHistory) {
    sentences = [Self.growth(forecast, history), Self.dates(forecast, history)] + Self.warnings(forecast, history)
  }

  private static func growth(_ forecast: LoadForecast, _ history: LoadHistory) -> String {
    let each = history.hasDates ? name(days: forecast.step) : "step"
    let season = forecast.weeklySeason ? ", with a weekly season" : ""
    let change = abs(forecast.growthPerStep)
    guard change > 0 else { return "The load neither grows nor falls\(season)." }
    let verb = forecast.growthPerStep < 0 ? "falls" : "grows"
    return switch forecast.model {
    case .linear: "The load \(verb) by \(Quantity.significant(change)) each \(each)\(season)."
    case .exponential: "The load \(verb) by \(Quantity.significant(change * 100)) % each \(each)\(season)."
    }
  }

  private static func name(days: Double) -> String {
    switch days {
    case 1: "day"
    case 7: "week"
    case 28...31: "month"
    case ..<2: Quantity.text(seconds: days * 86_400)
    default: "\(Quantity.significant(days)) days"
    }
  }

  private static func dates(_ forecast: LoadForecast, _ history: LoadHistory) -> String {
    let usable = Quantity.text(count: forecast.usableCapacity)
    let percent = Quantity.text(count: forecast.level * 100)
    guard let upper = forecast.upperCrossing else {
      return "The capacity of \(usable) holds: not even the upper \(percent) % reaches it within "
        + "\(forecast.searchedSteps) steps."
    }
    let early = "The upper \(percent) % reaches \(usable) at \(history.text(time: upper.t))"
    guard let point = forecast.pointCrossing else {
      return "\(early); the trend itself does not within \(forecast.searchedSteps) steps."
    }
    return "\(early), the trend itself at \(history.text(time: point.t))."
  }

  private static func warnings(_ forecast: LoadForecast, _ history: LoadHistory) -> [String] {
    if let now = history.points.last, now.load >= forecast.usableCapacity {
      return ["The last load, \(Quantity.text(count: now.load)), is already at or above the usable capacity."]
    }
    guard let upper = forecast.upperCrossing, Double(upper.stepsAhead) * forecast.step > history.span else { return [] }
    return ["That is further ahead than the history is long: take it for a guess, and look again with more data."]
  }
}
