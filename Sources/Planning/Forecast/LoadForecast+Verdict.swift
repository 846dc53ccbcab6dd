extension LoadForecast {
  /// What a forecast says: codes with figures, of which Reports makes sentences.
  public enum Finding: Codable, Hashable, Sendable {
    /// Past loads that reached the usable capacity.
    case exceeded(points: Int, last: Past, highest: Past)

    // When the capacity is reached: one of these.

    /// Not even the upper end of the interval reaches it within that many steps.
    case holds(steps: Int)
    /// As before, for a load that has reached it in the past.
    case staysBelow(steps: Int)
    /// The upper end reaches it, the trend does not within that many steps.
    case upperReaches(upper: Crossing, steps: Int)
    case reaches(upper: Crossing, trend: Crossing)

    // What that rests on.

    /// The trend rests on the points since its last break.
    case regime(since: Past, points: Int)
    case flat
    case growth(perStep: Double)
    /// For the exponential model, as a share.
    case growthByShare(perStep: Double)
    case outliers(outliers: [Past])
    /// The next interval leaves out the level of the last points.
    case leavesLastLevel(low: Double, high: Double, level: Double, cause: Cause)
    /// The dates are farther ahead than the history is long.
    case beyondHistory

    public enum Cause: String, Codable, Sendable { case season, growth, decline }
  }

  /// Why the dates are a guess.
  public enum Doubt: Codable, Hashable, Sendable {
    case randomWalk
    case fallsBack(times: Int)
    /// The load goes from one level to the next.
    case inSteps(times: Int)
    case breaksOften(times: Int)
    /// The last regime has few points as yet.
    case justBroken(points: Int)
    /// Residuals hang together; how much each resembles the one before it.
    case autocorrelated(autocorrelation: Double)
    /// The last loads, about at that level, have left the trend.
    case leavesTrend(level: Double)
  }

  /// What a step of the history is called.
  public enum StepUnit: String, Codable, Sendable {
    /// The history has no dates.
    case step
    case minute, hour, day, week, month, quarter, year
    /// Another time, below two days and from there on.
    case seconds, days

    init(_ history: LoadHistory) {
      guard history.hasDates else {
        self = .step
        return
      }
      self =
        switch (history.step * 1440).rounded() {
        case _ where history.pace.months == 1: .month
        case _ where history.pace.months == 3: .quarter
        case _ where history.pace.months == 12: .year
        case 1: .minute
        case 60: .hour
        case 1440: .day
        case 10_080: .week
        case ..<2880: .seconds
        default: .days
        }
    }
  }
}

extension LoadForecast {
  /// What has happened, when the capacity is reached, and what that rests on.
  func findings(_ history: LoadHistory, _ outlook: Outlook) -> [Finding] {
    [
      exceeded.map { .exceeded(points: $0.points, last: $0.last, highest: $0.highest) }, dates,
      since.map { since in .regime(since: since, points: history.points.count { $0.time >= since.t }) },
      growth(history, outlook), outliers.isEmpty ? nil : .outliers(outliers: outliers), lastLevel(history, outlook),
      distance(history),
    ].compactMap(\.self)
  }

  private var dates: Finding {
    guard let upper = upperCrossing else {
      return exceeded == nil ? .holds(steps: searchedSteps) : .staysBelow(steps: searchedSteps)
    }
    return pointCrossing.map { .reaches(upper: upper, trend: $0) }
      ?? .upperReaches(upper: upper, steps: searchedSteps)
  }

  private func growth(_ history: LoadHistory, _ outlook: Outlook) -> Finding {
    let largest = model == .exponential ? 1 : history.points.map { abs($0.load) }.max() ?? 0
    // What is left of a constant by rounding is no growth, nor is what chance explains.
    let change = abs(outlook.model.line.slope * history.step)
    var isChance = change <= 2 * outlook.model.growthError
    // Levels that follow each other in one direction do not do so by chance.
    if case .inSteps = outlook.doubt { isChance = false }
    guard abs(growthPerStep) * history.span / history.step > 1e-9 * largest, !isChance else { return .flat }
    return switch model {
    case .linear: .growth(perStep: growthPerStep)
    case .exponential: .growthByShare(perStep: growthPerStep)
    }
  }

  private func lastLevel(_ history: LoadHistory, _ outlook: Outlook) -> Finding? {
    let next = outlook.predict(history.time(ahead: 1), reach: outlook.model.reach(level: level))
    let last = outlook.lastLevel
    guard last < next.low || last > next.high else { return nil }
    return .leavesLastLevel(
      low: next.low, high: next.high, level: last,
      cause: !seasons.isEmpty ? .season : last < next.low ? .growth : .decline)
  }

  private func distance(_ history: LoadHistory) -> Finding? {
    guard let upper = upperCrossing, Double(upper.stepsAhead) * step > history.span else { return nil }
    return .beyondHistory
  }
}
