public import AdvisorCore

/// A kind of machine that a fleet can be built of.
public struct MachineOption: Codable, Hashable, Sendable {
  public var name: String
  /// Requests that it serves at once.
  public var servers: Int
  /// Mean time of one request on one of them, in seconds.
  public var serviceTime: Double
  /// In the currency of the price list; nil when unknown.
  @Nullable public var pricePerHour: Double?

  public init(name: String, servers: Int, serviceTime: Double, pricePerHour: Double?) {
    self.name = name
    self.servers = servers
    self.serviceTime = serviceTime
    self.pricePerHour = pricePerHour
  }
}

/// What a fleet must bear.
public struct FleetGoal: Codable, Hashable, Sendable {
  /// Requests a second, spread evenly over the machines.
  public var arrivalRate: Double
  /// Seconds.
  public var p95Response: Double
  /// Share of each machine that stays idle in the mean.
  public var headroom: Double
  /// Machines that may fail before the goal is missed.
  public var redundancy: Int

  /// - Throws: `badData` for a goal that nothing could meet or that is none.
  public init(arrivalRate: Double, p95Response: Double, headroom: Double, redundancy: Int) throws(AdvisorError) {
    _ = try QueueLoad(arrivalRate: arrivalRate, serviceSeconds: 1e-9)
    _ = try QueueGoal.response(share: 0.95, within: p95Response).validated()
    guard (0..<1).contains(headroom) else {
      throw AdvisorError(
        .badData, "a headroom of \(Quantity.text(share: headroom)) leaves nothing to use",
        advice: "give a share from 0 % to below 100 %")
    }
    guard (0...1000).contains(redundancy) else {
      throw AdvisorError(.badData, "a redundancy of N+\(redundancy) is not supported", advice: "give N, N+1 or N+2")
    }
    self.arrivalRate = arrivalRate
    self.p95Response = p95Response
    self.headroom = headroom
    self.redundancy = redundancy
  }
}

/// How many machines of each kind a load takes (`advisor.fleet/1`). Times in seconds.
public struct FleetPlan: Codable, Hashable, Sendable {
  /// How the machines that are up fare.
  public struct State: Codable, Hashable, Sendable {
    public var machines: Int
    public var utilisation: Double
    /// Nil where they are overloaded, and the queues grow without end.
    @Nullable public var p95Response: Double?
    public var meetsGoal: Bool
  }

  /// Machines when the load or the service time is a fifth off; nil when no number will do.
  public struct Sensitivity: Codable, Hashable, Sendable {
    @Nullable public var lessLoad: Int?
    @Nullable public var moreLoad: Int?
    @Nullable public var fasterService: Int?
    @Nullable public var slowerService: Int?
  }

  /// Why no number of machines meets the goal: codes with figures, of which Reports makes sentences.
  public enum Problem: Codable, Hashable, Sendable {
    /// The service alone, for 95 % of the requests, in seconds.
    case serviceTooLong(p95Seconds: Double)
    case tooManyMachines(limit: Int)
  }

  public struct Fleet: Codable, Hashable, Sendable {
    public var option: MachineOption
    /// With the redundant ones; nil when no number meets the goal.
    @Nullable public var machines: Int?
    /// Why no number does.
    @Nullable public var problem: Problem?
    @Nullable public var pricePerHour: Double?
    @Nullable public var whole: State?
    @Nullable public var afterOneFailure: State?
    @Nullable public var sensitivity: Sensitivity?
    /// Whether no other fleet is both faster and cheaper (the Pareto front of p95 against price); false without a price.
    public var isOnFront = false
  }

  public static let schema = "advisor.fleet/1"

  public var schema = Self.schema
  public var goal: FleetGoal
  /// The cheapest first, or those with the fewest machines where prices are not known; the impossible last.
  public var fleets: [Fleet]
  /// Of the prices; empty where the price list names none.
  public var currency: String
  /// Until when the best of them keeps the goal; nil without past loads.
  @Nullable public var outlook: FleetOutlook?
  public var method: String

  public init(_ options: [MachineOption], goal: FleetGoal, currency: String = "") {
    self.goal = goal
    self.currency = currency
    fleets = Self.marked(options.map { FleetSizing(option: $0, goal: goal).fleet }.sorted(by: Self.isBetter))
    method = "each machine is an M/M/c queue with its even share of the load; exact search"
  }

  /// With those that no other beats in both time and price.
  private static func marked(_ fleets: [Fleet]) -> [Fleet] {
    let front = ParetoFront(fleets.map { ($0.pricePerHour, $0.whole?.p95Response) })
    return fleets.map { fleet in
      var fleet = fleet
      fleet.isOnFront = front.contains(cost: fleet.pricePerHour, seconds: fleet.whole?.p95Response)
      return fleet
    }
  }

  private static func isBetter(_ left: Fleet, _ right: Fleet) -> Bool {
    guard let leftMachines = left.machines, let rightMachines = right.machines else {
      return left.machines != nil && right.machines == nil
    }
    if let leftPrice = left.pricePerHour, let rightPrice = right.pricePerHour, leftPrice != rightPrice {
      return leftPrice < rightPrice
    }
    if (left.pricePerHour == nil) != (right.pricePerHour == nil) { return left.pricePerHour != nil }
    return (leftMachines, left.option.name) < (rightMachines, right.option.name)
  }
}
