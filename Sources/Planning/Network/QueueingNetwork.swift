public import AdvisorCore

/// Stations that requests of several classes visit: a separable network (F. Baskett, K. M. Chandy, R. R. Muntz and F. G. Palacios,
/// "Open, Closed, and Mixed Networks of Queues with Different Classes of Customers", Journal of the ACM 22(2), 1975).
///
/// First come first served with exponential times that are those of all classes at a station, or processor sharing of any.
public struct QueueingNetwork: Sendable, Hashable {
  public struct Station: Sendable, Hashable {
    public var name: String
    /// Requests served at once; nil where none ever waits (a delay, as of a network).
    public var servers: Int?
    /// Seconds that a request of each class needs there in all, over all its visits.
    public var demands: [Double]

    public init(name: String, servers: Int?, demands: [Double]) {
      self.name = name
      self.servers = servers
      self.demands = demands
    }
  }

  /// Where the requests of a class come from.
  public enum Source: Sendable, Hashable {
    /// Requests a second, whatever the response.
    case open(arrivalRate: Double)
    /// Users who think so long, in seconds, ask, and wait for the answer.
    case closed(users: Int, thinkSeconds: Double)
  }

  public struct Class: Sendable, Hashable {
    public var name: String
    public var source: Source

    public init(name: String, source: Source) {
      self.name = name
      self.source = source
    }
  }

  public let stations: [Station]
  public let classes: [Class]

  /// - Throws: `badData` for a network without stations or classes, and for times, rates and numbers that no such one has.
  public init(stations: [Station], classes: [Class]) throws(AdvisorError) {
    self.stations = stations
    self.classes = classes
    guard !stations.isEmpty, !classes.isEmpty else {
      throw Self.fault("the network has no \(stations.isEmpty ? "station" : "class")", "name at least one of each")
    }
    for names in [stations.map(\.name), classes.map(\.name)] {
      guard Set(names).count == names.count else {
        throw Self.fault("the network has two of the same name: \(names.joined(separator: ", "))", "give each its own")
      }
    }
    for station in stations {
      let isPossible = station.demands.count == classes.count && station.demands.allSatisfy { $0 >= 0 && $0.isFinite }
      guard isPossible, station.servers.map({ (1...10_000).contains($0) }) ?? true else {
        throw Self.fault(
          "the station \(station.name.excerpt) cannot be",
          "give it demands of zero or more, and 1 to 10000 servers")
      }
    }
    for (index, one) in classes.enumerated() {
      guard Self.isPossible(one.source), stations.contains(where: { $0.demands[index] > 0 }) else {
        throw Self.fault(
          "the class \(one.name.excerpt) cannot be",
          "give it a rate above zero, or at least one user, and a station that it needs")
      }
    }
  }

  private static func isPossible(_ source: Source) -> Bool {
    switch source {
    case .open(let rate): rate > 0 && rate.isFinite
    case .closed(let users, let think): (1...1_000_000).contains(users) && think >= 0 && think.isFinite
    }
  }

  static func fault(_ problem: String, _ advice: String) -> AdvisorError {
    AdvisorError(.badData, problem, advice: advice)
  }

  /// Open classes by their places, with their rates.
  var open: [(index: Int, rate: Double)] {
    classes.indices.compactMap { index in
      if case .open(let rate) = classes[index].source { (index, rate) } else { nil }
    }
  }

  /// Closed classes by their places.
  var closed: [(index: Int, users: Int, think: Double)] {
    classes.indices.compactMap { index in
      if case .closed(let users, let think) = classes[index].source { (index, users, think) } else { nil }
    }
  }
}
