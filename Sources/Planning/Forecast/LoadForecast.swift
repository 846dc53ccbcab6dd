public import AdvisorCore

/// When a growing load no longer fits (`advisor.forecast/1`).
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

  /// Intercept at t = 0 and slope per unit of t; of the logarithm for the exponential model.
  public struct Coefficients: Codable, Hashable, Sendable {
    public var intercept: Double
    public var slope: Double
  }

  public static let schema = "advisor.forecast/1"

  public var schema = Self.schema
  public var points: Int
  public var model: Model
  public var weeklySeason: Bool
  public var coefficients: Coefficients
  /// About the trend; of the logarithm for the exponential model.
  public var standardDeviation: Double
  /// In one step: added, or as a share for the exponential model.
  public var growthPerStep: Double
  public var step: Double
  public var level: Double
  public var capacity: Double
  public var headroom: Double
  /// Capacity less headroom.
  public var usableCapacity: Double
  /// Nil when it does not happen within `searchedSteps`.
  @Nullable public var pointCrossing: Crossing?
  @Nullable public var upperCrossing: Crossing?
  public var searchedSteps: Int
  public var forecast: [Point]
  public var verdict: [String]

  /// - Parameter headroom: share of the capacity that is to stay free, from 0 to below 1.
  /// - Parameter level: of the prediction interval, between 0 and 1.
  /// - Parameter horizon: steps ahead to list.
  /// - Parameter model: nil to take the likelier one.
  /// - Throws: `badData` when the history cannot bear the model or the capacity is none.
  public init(
    _ history: LoadHistory, capacity: Double, headroom: Double, level: Double, horizon: Int, model: Model?
  ) throws(AdvisorError) {
    try Self.check(capacity: capacity, headroom: headroom, level: level)
    guard let trend = Trend.best(history, form: model.map { $0 == .linear ? .linear : .exponential }) else {
      throw AdvisorError(
        .badData, "no \(model?.rawValue ?? "linear") trend can be laid through \(history.points.count) points",
        advice: model == .exponential
          ? "an exponential trend needs loads above zero; use --model linear" : "give at least three points in time")
    }
    self.capacity = capacity
    self.headroom = headroom
    self.level = level
    points = history.points.count
    self.model = trend.form == .linear ? .linear : .exponential
    weeklySeason = trend.hasWeeklySeason
    coefficients = Coefficients(intercept: trend.line.intercept, slope: trend.line.slope)
    standardDeviation = trend.deviation
    growthPerStep = trend.growthPerStep
    step = history.step
    usableCapacity = capacity * (1 - headroom)
    searchedSteps = Self.mostSteps(history)
    // A line through exact data reaches the capacity but for its last digit.
    let (usable, reach) = (usableCapacity * (1 - 1e-12), trend.reach(level: level))
    pointCrossing = Self.firstStep(history, trend) { trend.predict($0, reach: reach).load >= usable }
    upperCrossing = Self.firstStep(history, trend) { trend.predict($0, reach: reach).high >= usable }
    forecast = stride(from: 1, through: horizon, by: 1).map { ahead in
      let time = Self.time(history, ahead)
      let (load, low, high) = trend.predict(time, reach: reach)
      return Point(t: time, date: history.hasDates ? history.text(time: time) : nil, load: load, low: low, high: high)
    }
    verdict = []
    verdict = ForecastVerdict(self, history).sentences
  }

  /// Fifty years of days, or ten times the history where that is longer.
  private static func mostSteps(_ history: LoadHistory) -> Int {
    max(18_250, 10 * Int(min(history.span / history.step, 1e6)))
  }

  private static func time(_ history: LoadHistory, _ ahead: Int) -> Double {
    history.last + Double(ahead) * history.step
  }

  /// The first step ahead where a condition holds.
  private static func firstStep(
    _ history: LoadHistory, _ trend: Trend, where reaches: @escaping (Double) -> Bool
  ) -> Crossing? {
    let steps = 1...mostSteps(history)
    let holds = { (ahead: Int) in reaches(time(history, ahead)) }
    // A season goes up and down; without one, what is not reached at first is reached once and for good, since the
    // bounds of a straight line are convex.
    let ahead = trend.hasWeeklySeason || holds(1) ? steps.first(where: holds) : steps.firstOfLast(where: holds)
    guard let ahead else { return nil }
    let crossed = time(history, ahead)
    return Crossing(t: crossed, date: history.hasDates ? history.text(time: crossed) : nil, stepsAhead: ahead)
  }

  private static func check(capacity: Double, headroom: Double, level: Double) throws(AdvisorError) {
    guard capacity.isFinite, capacity > 0 else {
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
