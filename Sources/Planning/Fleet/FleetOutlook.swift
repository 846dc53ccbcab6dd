public import AdvisorCore

/// Until when a fleet keeps its goal as the load grows, with as many machines failed as it has to spare; then with more.
public struct FleetOutlook: Codable, Hashable, Sendable {
  /// A number of machines, and until when they suffice.
  public struct Stage: Codable, Hashable, Sendable {
    public var machines: Int
    /// The highest rate at which the remaining machines meet the goal, in requests a second.
    public var arrivalRate: Double
    /// When the trend, and the upper end of its interval, reach that rate; nil when they do not within what is searched.
    @Nullable public var pointCrossing: LoadForecast.Crossing?
    @Nullable public var upperCrossing: LoadForecast.Crossing?
  }

  public var name: String
  public var redundancy: Int
  /// The advised number first, then one, two and four more.
  public var stages: [Stage]
  /// Of the prediction interval whose upper end crosses.
  public var level: Double

  /// - Parameter history: requests a second.
  /// - Throws: `badData` where no number of machines meets the goal, where the history is in another unit than the arrival
  ///   rate, and as a forecast does.
  public init(_ fleet: FleetPlan.Fleet, goal: FleetGoal, history: LoadHistory, level: Double) throws(AdvisorError) {
    guard let machines = fleet.machines else {
      throw AdvisorError(
        .badData, "no number of machines meets the goal", advice: "allow more time with --p95-response")
    }
    try Self.requireSameUnit(goal, history)
    let sizing = FleetSizing(option: fleet.option, goal: goal)
    var stages: [Stage] = []
    for count in [0, 1, 2, 4].map({ machines + $0 }) {
      guard let rate = sizing.maxArrivalRate(machines: count - goal.redundancy) else { continue }
      let forecast = try LoadForecast(history, capacity: rate, headroom: 0, level: level, horizon: 0, model: nil)
      stages.append(
        Stage(
          machines: count, arrivalRate: rate, pointCrossing: forecast.pointCrossing,
          upperCrossing: forecast.upperCrossing))
    }
    name = fleet.option.name
    redundancy = goal.redundancy
    self.stages = stages
    self.level = level
  }

  /// A history that ends at less than half or more than twice the arrival rate counts something else.
  private static func requireSameUnit(_ goal: FleetGoal, _ history: LoadHistory) throws(AdvisorError) {
    let recent = history.points.suffix(7).map(\.load).sorted()
    let level = recent[recent.count / 2]
    guard level <= 0 || !(0.5...2).contains(goal.arrivalRate / level) else { return }
    throw AdvisorError(
      .badData,
      "the past load ends at \(Quantity.text(count: level)) and the arrival rate is \(Quantity.text(count: goal.arrivalRate)) requests/s",
      advice: "give the history in requests/s, or --capacity in the unit of the history")
  }
}
