public import AdvisorCore

/// What a fixed number of users get from a number of servers (`advisor.closed-queue/1`). Times in seconds.
public struct ClosedQueuePlan: Codable, Hashable, Sendable {
  public static let schema = "advisor.closed-queue/1"

  public var schema = Self.schema
  public var users: Int
  public var thinkTime: Double
  public var serviceTime: Double
  public var servers: Int
  /// Requests a second.
  public var throughput: Double
  /// The highest throughput of the servers for any number of users, in requests a second.
  public var throughputLimit: Double
  public var probabilityOfWait: Double
  public var meanWait: Double
  public var meanResponse: Double
  public var utilisation: Double
  public var percentiles: QueuePlan.Times
  /// Users beyond which the servers are the limit: c·(1 + Z/S).
  public var saturationUsers: Double
  public var method: String
  /// What the number of servers was chosen for, and what is reached; empty when it was given.
  public var outcomes: [QueueOutcome]

  /// - Parameter goals: that the number of servers was chosen for.
  /// - Parameter percentile: a share of requests to tell the times of, beside the usual ones.
  /// - Throws: `badData` for times or numbers that no such system has.
  public init(
    users: Int, thinkSeconds: Double, serviceSeconds: Double, servers: Int, goals: [QueueGoal] = [],
    percentile: Double? = nil
  ) throws(AdvisorError) {
    let queue = try ClosedQueue(
      users: users, thinkSeconds: thinkSeconds, serviceSeconds: serviceSeconds, servers: servers)
    self.users = users
    self.servers = servers
    thinkTime = thinkSeconds
    serviceTime = serviceSeconds
    throughput = queue.throughput
    throughputLimit = Double(servers) / serviceSeconds
    probabilityOfWait = queue.probabilityOfWait
    meanWait = queue.meanWait
    meanResponse = queue.meanWait + serviceSeconds
    utilisation = queue.utilisation
    percentiles = QueuePlan.Times(
      wait: QueuePlan.Percentiles(asked: percentile, queue.waitQuantile),
      response: QueuePlan.Percentiles(asked: percentile, queue.responseQuantile))
    saturationUsers = Double(servers) * (1 + thinkSeconds / serviceSeconds)
    method = "exact (M/M/c//N, first come first served, exponential service)"
    outcomes = goals.map { $0.outcome(of: queue) }
  }
}
