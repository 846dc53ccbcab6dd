public import AdvisorCore

/// What comes in, and what serves it.
public struct QueueLoad: Codable, Hashable, Sendable {
  /// Requests a second.
  public let arrivalRate: Double
  /// Mean time of one request on one server, in seconds.
  public let serviceSeconds: Double

  /// - Throws: `badData` unless both are finite and above zero.
  public init(arrivalRate: Double, serviceSeconds: Double) throws(AdvisorError) {
    for (value, name) in [(arrivalRate, "arrival rate"), (serviceSeconds, "service time")] {
      guard value.isFinite, value > 0 else {
        throw AdvisorError(
          .badData, "the \(name) \(Quantity.significant(value)) is not above zero", advice: "give a positive \(name)")
      }
    }
    guard (arrivalRate * serviceSeconds).isFinite, arrivalRate * serviceSeconds <= Self.largestOfferedLoad else {
      throw AdvisorError(
        .badData, "the load keeps \(count(arrivalRate * serviceSeconds, "server")) busy at once",
        advice: "check the units of the arrival rate and of the service time; up to 10 million servers are planned for"
      )
    }
    self.arrivalRate = arrivalRate
    self.serviceSeconds = serviceSeconds
  }

  /// The mean number of busy servers, in erlangs.
  public var offeredLoad: Double { arrivalRate * serviceSeconds }

  /// The share of time that each server is busy; stable below 1.
  public func utilisation(servers: Int) -> Double { offeredLoad / Double(servers) }

  /// The fewest servers for which the queue does not grow without end.
  public var fewestStableServers: Int { Int(offeredLoad.rounded(.down)) + 1 }

  /// - Throws: `badData` when the servers cannot keep up, with the number that can.
  public func requireStable(servers: Int) throws(AdvisorError) {
    guard servers >= 1 else {
      throw AdvisorError(.badData, "\(servers) servers cannot serve requests", advice: "give at least one server")
    }
    guard servers >= fewestStableServers else {
      let share = Quantity.text(share: utilisation(servers: servers))
      throw AdvisorError(
        .badData,
        "the queue is unstable: \(Quantity.text(count: arrivalRate)) requests a second of "
          + "\(Quantity.text(seconds: serviceSeconds)) each need \(share) of "
          + "\(count(servers, "server")), so waits grow without bound",
        advice: "give at least \(count(fewestStableServers, "server")), a lower arrival rate, or a shorter service time"
      )
    }
  }

  private static let largestOfferedLoad = 1e7
}
