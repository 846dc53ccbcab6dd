public import AdvisorCore
private import Statistics

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
  public var meanResponse: Double
  public var utilisation: Double
  /// Users beyond which the servers are the limit: c·(1 + Z/S).
  public var saturationUsers: Double
  public var method: String

  /// - Throws: `badData` for times or numbers that no such system has.
  public init(users: Int, thinkSeconds: Double, serviceSeconds: Double, servers: Int) throws(AdvisorError) {
    guard let system = ClosedMVA(users: users, think: thinkSeconds, service: serviceSeconds, servers: servers) else {
      throw AdvisorError(
        .badData, "\(users) users, a service time of \(serviceSeconds) s and \(servers) servers are not a valid system",
        advice: "give at least one user, one server and a service time above zero")
    }
    self.users = users
    self.servers = servers
    thinkTime = thinkSeconds
    serviceTime = serviceSeconds
    throughput = system.throughput
    throughputLimit = Double(servers) / serviceSeconds
    meanResponse = system.response
    utilisation = system.utilisation
    saturationUsers = Double(servers) * (1 + thinkSeconds / serviceSeconds)
    method = "exact mean value analysis (exponential service)"
  }
}
