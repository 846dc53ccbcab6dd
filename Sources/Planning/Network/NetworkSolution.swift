public import AdvisorCore

/// What a separable network does in the mean: exactly, by mean value analysis (docs/model.md, 10.7).
public struct NetworkSolution: Sendable, Hashable {
  /// Requests a second of each class.
  public private(set) var throughputs: [Double]
  /// Seconds that a request of each class spends at each station in all: `residences[station][class]`.
  public private(set) var residences: [[Double]]

  /// - Throws: `badData` where open classes overload a station, where there are too many users to count exactly, or where open and
  ///   closed classes meet at a station of several servers.
  public init(_ network: QueueingNetwork) throws(AdvisorError) {
    throughputs = network.classes.map { _ in 0 }
    residences = network.stations.map { _ in network.classes.map { _ in 0 } }
    let busy = network.stations.map { station in network.open.reduce(0) { $0 + $1.rate * station.demands[$1.index] } }
    try Self.check(network, busy)
    for (index, rate) in network.open { throughputs[index] = rate }
    let queues = try solveClosed(network, busy)
    for (place, station) in network.stations.enumerated() {
      for (index, _) in network.open {
        residences[place][index] =
          station.demands[index] * Self.stretch(station.servers, busy: busy[place], closedQueue: queues[place])
      }
    }
  }

  /// What a request spends at a station over what it needs there: with the closed requests that it finds, or with the wait of
  /// M/M/c (J. R. Jackson, "Jobshop-like queueing systems", Management Science 10(1), 1963).
  private static func stretch(_ servers: Int?, busy: Double, closedQueue: Double) -> Double {
    guard let servers else { return 1 }
    guard servers > 1, busy > 0 else { return (1 + closedQueue) / (1 - busy) }
    return 1 + Erlang.waitProbability(offeredLoad: busy, servers: servers) / (Double(servers) - busy)
  }

  private static func check(_ network: QueueingNetwork, _ busy: [Double]) throws(AdvisorError) {
    for (station, busy) in zip(network.stations, busy) {
      guard let servers = station.servers else { continue }
      guard busy < Double(servers) else {
        throw QueueingNetwork.fault(
          "the network is unstable: the open classes need \(Quantity.text(share: busy / Double(servers))) of "
            + "\(station.name.excerpt)", "lower the arrival rates, or give it at least \(Int(busy) + 1) servers")
      }
      let meets = busy > 0 && network.closed.contains { station.demands[$0.index] > 0 }
      guard !(servers > 1 && meets) else {
        throw QueueingNetwork.fault(
          "open and closed classes meet at \(station.name.excerpt), which has \(servers) servers: no exact answer is known",
          "make it one server that is \(servers) times as fast, or all classes open or closed")
      }
    }
  }

  /// Closed classes see single servers slowed by what the open ones leave of them (Lazowska et al., "Quantitative System
  /// Performance", 1984, 7.4).
  ///
  /// - Returns: the closed requests at each station.
  private mutating func solveClosed(_ network: QueueingNetwork, _ busy: [Double]) throws(AdvisorError) -> [Double] {
    let classes = network.closed
    guard !classes.isEmpty else { return network.stations.map { _ in 0 } }
    let stations = zip(network.stations, busy).map { station, busy in
      let left = station.servers == nil ? 1 : station.servers == 1 ? 1 - busy : 1
      return MeanValueAnalysis.Station(
        servers: station.servers, demands: classes.map { station.demands[$0.index] / left })
    }
    guard
      let analysis = MeanValueAnalysis(stations, users: classes.map(\.users), think: classes.map(\.think))
    else {
      throw QueueingNetwork.fault(
        "there are too many users of too many classes to count each combination exactly",
        "join classes that are alike, or count in tens of users")
    }
    for (place, one) in classes.enumerated() {
      throughputs[one.index] = analysis.throughputs[place]
      for station in stations.indices { residences[station][one.index] = analysis.residences[station][place] }
    }
    return analysis.queues
  }
}
