public import AdvisorCore

/// How many servers a goal takes.
public enum Staffing {
  /// The fewest servers that meet the goal with exponential service times, by exact search.
  ///
  /// - Throws: `badData` when no number of servers can.
  public static func fewestServers(_ load: QueueLoad, goal: QueueGoal) throws(AdvisorError) -> Int {
    try requireReachable(load, .exponential, goal: goal.validated())
    if case .occupancy(let share) = goal { return servers(for: load, occupancy: share) }
    let fewest = Erlang.fewestServers(offeredLoad: load.offeredLoad, upTo: maxServers(load)) {
      goal.isMet(by: ExponentialQueue(stable: load, servers: $0, probabilityOfWait: $1))
    }
    guard let fewest else { throw unreachable(load, goal) }
    return fewest
  }

  /// The fewest servers that meet the goal: doubled steps up from the stable number, then halved ones back.
  ///
  /// More servers never make a wait longer, so halving finds the edge; every queue is simulated with the same draws.
  /// - Throws: `badData` when no number of servers can.
  public static func fewestServers(
    _ load: QueueLoad, _ service: ServiceDistribution, goal: QueueGoal, seed: UInt64
  ) throws(AdvisorError) -> Int {
    guard service != .exponential else { return try fewestServers(load, goal: goal) }
    try requireReachable(load, service, goal: goal.validated())
    if case .occupancy(let share) = goal { return servers(for: load, occupancy: share) }
    let least = load.fewestStableServers
    var step = 1
    var low = least - 1
    while true {
      let candidate = min(low + step, maxServers(load))
      if goal.isMet(by: try SimulatedQueue(load, service, servers: candidate, seed: seed)) {
        return try firstMeeting(load, service, goal, above: low, upTo: candidate, seed)
      }
      guard candidate < maxServers(load) else { throw unreachable(load, goal) }
      (low, step) = (candidate, step * 2)
    }
  }

  private static func servers(for load: QueueLoad, occupancy share: Double) -> Int {
    max(load.fewestStableServers, Int((load.offeredLoad / share * (1 - 1e-12)).rounded(.up)))
  }

  /// The fewest servers with which a number of users meet a goal: more servers never make an answer slower.
  ///
  /// - Throws: `badData` when no number of servers can, as one for each user cannot.
  public static func fewestServers(
    users: Int, thinkSeconds: Double, serviceSeconds: Double, goal: QueueGoal
  ) throws(AdvisorError) -> Int {
    _ = try goal.validated()
    func meets(_ servers: Int) throws(AdvisorError) -> Bool {
      goal.isMet(
        by: try ClosedQueue(users: users, thinkSeconds: thinkSeconds, serviceSeconds: serviceSeconds, servers: servers))
    }
    // A server for each user keeps nobody waiting; beyond that only their occupancy falls.
    var high = max(1, users)
    if case .occupancy(let share) = goal { high = Int(min(1e6, (Double(users) / share).rounded(.up))) }
    guard try meets(high) else {
      throw AdvisorError(
        .badData, "no number of servers meets the goal: with \(high), nobody waits, and it is still missed",
        advice: "allow more time, or make the service faster")
    }
    var low = 0
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if try meets(middle) { high = middle } else { low = middle }
    }
    return high
  }

  private static func firstMeeting(
    _ load: QueueLoad, _ service: ServiceDistribution, _ goal: QueueGoal, above: Int, upTo: Int, _ seed: UInt64
  ) throws(AdvisorError) -> Int {
    var (low, high) = (above, upTo)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      let queue = try SimulatedQueue(load, service, servers: middle, seed: seed)
      if goal.isMet(by: queue) { high = middle } else { low = middle }
    }
    return high
  }

  /// Without any wait the response is the service itself, and no server makes that shorter.
  private static func requireReachable(
    _ load: QueueLoad, _ service: ServiceDistribution, goal: QueueGoal
  ) throws(AdvisorError) {
    guard case .response(let share, let seconds) = goal else { return }
    let alone = service.quantile(share) * load.serviceSeconds
    guard seconds <= alone else { return }
    throw AdvisorError(
      .badData,
      "no number of servers answers \(Quantity.text(share: share)) of requests within "
        + "\(Quantity.text(seconds: seconds)): the service alone takes \(Quantity.text(seconds: alone)) for that share",
      advice: "ask for more than \(Quantity.text(seconds: alone)), or make the service faster")
  }

  /// Well above the square-root rule for any share that can be told from zero.
  private static func maxServers(_ load: QueueLoad) -> Int { 2 * load.fewestStableServers + 1000 }

  private static func unreachable(_ load: QueueLoad, _ goal: QueueGoal) -> AdvisorError {
    AdvisorError(
      .badData, "no number of servers up to \(maxServers(load)) meets the goal",
      advice: "allow a larger share to wait, or a longer time")
  }
}
