public import AdvisorCore

/// What to expect of a network of stations (`advisor.network/1`). Times in seconds.
public struct NetworkPlan: Codable, Hashable, Sendable {
  public struct Class: Codable, Hashable, Sendable {
    public var name: String
    /// Nil for an open class.
    @Nullable public var users: Int?
    @Nullable public var thinkTime: Double?
    /// Requests a second.
    public var throughput: Double
    public var meanResponse: Double
    /// Requests that are neither answered nor thought about.
    public var meanInSystem: Double
  }

  public struct Station: Codable, Hashable, Sendable {
    public var name: String
    /// Nil for a delay.
    @Nullable public var servers: Int?
    /// Of each server; nil for a delay.
    @Nullable public var utilisation: Double?
    public var meanInSystem: Double
    /// Of a request of each class, over all its visits.
    public var residenceTimes: [String: Double]
  }

  /// What limits the network: codes with figures, of which Reports makes sentences.
  public enum Finding: Codable, Hashable, Sendable {
    case bottleneck(station: String, utilisation: Double)
    /// How far all open classes may grow together, as a share.
    case growth(share: Double)
    /// The highest throughput of the one closed class, and from about how many users on it is reached.
    case saturation(throughput: Double, users: Double)
  }

  public static let schema = "advisor.network/1"

  public var schema = Self.schema
  public var classes: [Class]
  public var stations: [Station]
  public var verdict: [Finding]
  public var method: String

  /// - Throws: `badData` as ``NetworkSolution`` does.
  public init(_ network: QueueingNetwork) throws(AdvisorError) {
    let solution = try NetworkSolution(network)
    classes = network.classes.enumerated().map { index, one in
      let response = solution.residences.reduce(0) { $0 + $1[index] }
      var (users, think): (Int?, Double?) = (nil, nil)
      if case .closed(let count, let seconds) = one.source { (users, think) = (count, seconds) }
      return Class(
        name: one.name, users: users, thinkTime: think, throughput: solution.throughputs[index], meanResponse: response,
        meanInSystem: solution.throughputs[index] * response)
    }
    stations = network.stations.enumerated().map { place, station in
      let busy = zip(solution.throughputs, station.demands).reduce(0) { $0 + $1.0 * $1.1 }
      return Station(
        name: station.name, servers: station.servers, utilisation: station.servers.map { busy / Double($0) },
        meanInSystem: zip(solution.throughputs, solution.residences[place]).reduce(0) { $0 + $1.0 * $1.1 },
        residenceTimes: Dictionary(
          zip(network.classes.map(\.name), solution.residences[place])
        ) { first, _ in first })
    }
    method =
      network.closed.isEmpty
      ? "exact (product form, Jackson)"
      : network.open.isEmpty ? "exact mean value analysis" : "exact mean value analysis of a mixed network"
    verdict = []
    verdict = Self.findings(network, stations)
  }

  private static func findings(_ network: QueueingNetwork, _ stations: [Station]) -> [Finding] {
    guard let busiest = stations.max(by: { ($0.utilisation ?? 0) < ($1.utilisation ?? 0) }),
      let utilisation = busiest.utilisation
    else { return [] }
    let bottleneck = Finding.bottleneck(station: busiest.name, utilisation: utilisation)
    if network.closed.isEmpty { return [bottleneck, .growth(share: 1 / utilisation - 1)] }
    guard network.classes.count == 1, case .closed(_, let think) = network.classes[0].source else {
      return [bottleneck]
    }
    let largest = network.stations.compactMap { station in station.servers.map { station.demands[0] / Double($0) } }
      .max()
    let whole = network.stations.reduce(think) { $0 + $1.demands[0] }
    return [bottleneck, largest.map { .saturation(throughput: 1 / $0, users: whole / $0) }].compactMap(\.self)
  }
}
