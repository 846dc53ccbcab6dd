public import AdvisorCore

/// When a growing load no longer fits, or a falling one is no longer enough (`advisor.forecast/1`).
public struct LoadForecast: Codable, Hashable, Sendable {
  public enum Model: String, Codable, Sendable { case linear, exponential }

  public struct Point: Codable, Hashable, Sendable {
    /// In the unit of the history; days since 1970-01-01 where it has dates.
    public var t: Double
    /// Nil for a history without dates.
    @Nullable public var date: String?
    public var load: Double
    /// The ends of the prediction interval for one observation.
    public var low: Double
    public var high: Double
  }

  /// The first step ahead at which something reaches the usable capacity.
  public struct Crossing: Codable, Hashable, Sendable {
    public var t: Double
    @Nullable public var date: String?
    public var stepsAhead: Int
  }

  /// A point of the past.
  public struct Past: Codable, Hashable, Sendable {
    public var t: Double
    @Nullable public var date: String?
    public var load: Double
  }

  /// Past loads that reached the usable capacity.
  public struct Excess: Codable, Hashable, Sendable {
    public var points: Int
    public var last: Past
    /// The highest of them; of a floor, the lowest.
    public var highest: Past
  }

  /// Intercept at t = 0 and slope per unit of t; of the logarithm for the exponential model.
  public struct Coefficients: Codable, Hashable, Sendable {
    public var intercept: Double
    public var slope: Double
  }

  public static let schema = "advisor.forecast/1"

  public var schema = Self.schema
  public var points: Int
  /// What a load counts; nil for plain numbers.
  @Nullable public var unit: QuantityUnit?
  @Nullable public var input: TableInput?
  public var model: Model
  /// What repeats: the forecast has them all.
  public var seasons: [Season]
  public var coefficients: Coefficients
  /// About the trend; of the logarithm for the exponential model.
  public var standardDeviation: Double
  /// In one step: added, or as a share for the exponential model.
  public var growthPerStep: Double
  /// In the unit of the history; days where it has dates.
  public var step: Double
  public var stepUnit: StepUnit
  public var level: Double
  /// The highest load that can be served, or the lowest that is enough.
  public var capacity: Double
  /// Whether the capacity is a floor, which a falling load must not reach.
  public var isFloor: Bool
  public var headroom: Double
  /// Capacity less headroom; a floor with headroom above it.
  public var usableCapacity: Double
  /// Nil where no past load reached the usable capacity.
  @Nullable public var exceeded: Excess?
  /// The first points of each stretch with a trend of its own, but for the first.
  public var breaks: [Past]
  /// The first point that the trend rests on; nil where it rests on the whole history.
  @Nullable public var since: Past?
  /// Loads far off all others, on which no trend rests.
  public var outliers: [Past]
  /// Why the dates are no more than a guess; nil where they are more.
  @Nullable public var guess: Doubt?
  /// Nil when it does not happen within `searchedSteps`.
  @Nullable public var pointCrossing: Crossing?
  /// Of the end of the interval that is nearer: the upper one, of a floor the lower one.
  @Nullable public var upperCrossing: Crossing?
  public var searchedSteps: Int
  public var forecast: [Point]
  public var verdict: [Finding]

  /// - Parameter isFloor: whether the capacity is one that a falling load must not reach.
  /// - Parameter headroom: share of the capacity that is to stay free, from 0 to below 1.
  /// - Parameter level: of the prediction interval, between 0 and 1.
  /// - Parameter horizon: steps ahead to list.
  /// - Parameter model: nil to take the likelier one.
  /// - Throws: `badData` when the history cannot bear the model or the capacity is none.
  public init(
    _ history: LoadHistory, capacity: Double, isFloor: Bool = false, headroom: Double, level: Double, horizon: Int,
    model: Model?
  ) throws(AdvisorError) {
    try Self.check(capacity: capacity, isFloor: isFloor, headroom: headroom, level: level)
    let outlook = try Self.outlook(history, model)
    self.capacity = capacity
    self.isFloor = isFloor
    self.headroom = headroom
    self.level = level
    points = history.points.count
    self.model = outlook.model.form == .linear ? .linear : .exponential
    seasons = outlook.seasons
    coefficients = Coefficients(intercept: outlook.model.line.intercept, slope: outlook.model.line.slope)
    standardDeviation = outlook.model.deviation
    growthPerStep = outlook.model.growthPerStep
    step = history.step
    stepUnit = StepUnit(history)
    usableCapacity = capacity * (isFloor ? 1 + headroom : 1 - headroom)
    searchedSteps = Self.maxSteps(history)
    exceeded = Self.excess(history, usableCapacity, isFloor: isFloor)
    breaks = outlook.breaks.compactMap { Self.past(history, at: $0) }
    since = outlook.since.flatMap { Self.past(history, at: $0) }
    outliers = outlook.outliers.map { Self.past(history, $0) }
    let reach = outlook.model.reach(level: level)
    (pointCrossing, upperCrossing) = Self.crossings(history, outlook, reach, usableCapacity, isFloor: isFloor)
    forecast = stride(from: 1, through: horizon, by: 1).map { ahead in
      let time = history.time(ahead: ahead)
      let (load, low, high) = outlook.predict(time, reach: reach)
      return Point(t: time, date: history.hasDates ? history.text(time: time) : nil, load: load, low: low, high: high)
    }
    guess = outlook.doubt
    verdict = []
    (unit, input) = (history.unit, history.input)
    verdict = findings(history, outlook)
  }

  /// When the trend reaches the capacity, and when the end of its interval that lies nearer does.
  private static func crossings(
    _ history: LoadHistory, _ outlook: Outlook, _ reach: Double, _ capacity: Double, isFloor: Bool
  ) -> (point: Crossing?, upper: Crossing?) {
    // A line through exact data reaches the capacity but for its last digit.
    let usable = capacity * (isFloor ? 1 + 1e-12 : 1 - 1e-12)
    let point = firstStep(history, outlook) { time in
      let load = outlook.predict(time, reach: reach).load
      return isFloor ? load <= usable : load >= usable
    }
    let upper = firstStep(history, outlook) { time in
      let bounds = outlook.predict(time, reach: reach)
      return isFloor ? bounds.low <= usable : bounds.high >= usable
    }
    return (point, upper)
  }

  private static func outlook(_ history: LoadHistory, _ model: Model?) throws(AdvisorError) -> Outlook {
    let form = model.map { $0 == .linear ? Trend.Form.linear : .exponential }
    if let outlook = Outlook(history, form: form) { return outlook.widened(by: Backtest(history, form: form)) }
    throw AdvisorError(
      .badData, "cannot fit a trend (\(model?.rawValue ?? "linear")) to \(history.points.count) points",
      advice: model == .exponential
        ? "an exponential trend needs loads above zero; use --model linear" : "give at least three points in time")
  }

  private static func past(_ history: LoadHistory, _ point: LoadHistory.Point) -> Past {
    Past(t: point.time, date: history.hasDates ? history.text(time: point.time) : nil, load: point.load)
  }

  private static func past(_ history: LoadHistory, at time: Double) -> Past? {
    history.points.first { $0.time == time }.map { past(history, $0) }
  }

  private static func excess(_ history: LoadHistory, _ capacity: Double, isFloor: Bool) -> Excess? {
    let over = history.points.filter { isFloor ? $0.load <= capacity : $0.load >= capacity }
    guard let last = over.last, let farthest = over.max(by: { isFloor ? $0.load > $1.load : $0.load < $1.load }) else {
      return nil
    }
    return Excess(points: over.count, last: past(history, last), highest: past(history, farthest))
  }

  /// Fifty years of days, or ten times the history where that is longer.
  private static func maxSteps(_ history: LoadHistory) -> Int {
    max(18_250, 10 * Int(min(history.span / history.step, 1e6)))
  }

  /// The first step ahead where a condition holds.
  private static func firstStep(
    _ history: LoadHistory, _ outlook: Outlook, where reaches: @escaping (Double) -> Bool
  ) -> Crossing? {
    let steps = 1...maxSteps(history)
    let holds = { (ahead: Int) in reaches(history.time(ahead: ahead)) }
    // Without turns, what is not reached at first is reached once and for good, since the bounds of a straight line are
    // convex.
    let ahead = outlook.mayTurn || holds(1) ? steps.first(where: holds) : steps.firstOfLast(where: holds)
    guard let ahead else { return nil }
    let crossed = history.time(ahead: ahead)
    return Crossing(t: crossed, date: history.hasDates ? history.text(time: crossed) : nil, stepsAhead: ahead)
  }

  private static func check(
    capacity: Double, isFloor: Bool, headroom: Double, level: Double
  ) throws(AdvisorError) {
    guard capacity.isFinite, capacity > 0 || isFloor && capacity == 0 else {
      throw AdvisorError(.badData, "the capacity \(capacity) is not above zero", advice: "give a positive capacity")
    }
    guard (0..<1).contains(headroom) else {
      throw AdvisorError(
        .badData, "the headroom \(headroom) leaves nothing to use",
        advice: "give a share from 0 to below 1, or 0 % to 99 %")
    }
    guard level > 0, level < 1 else {
      throw AdvisorError(
        .badData, "no interval has the level \(level)", advice: "give one between 0 and 1, such as 0.9")
    }
  }
}

extension ClosedRange<Int> {
  /// The first place where a condition holds that holds from there to the end; nil when it nowhere does.
  fileprivate func firstOfLast(where holds: (Int) -> Bool) -> Int? {
    guard holds(upperBound) else { return nil }
    var (low, high) = (lowerBound - 1, upperBound)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
