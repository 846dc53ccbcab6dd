import AdvisorCore
import Statistics
import Transfer

extension Phase {
  /// Requests a second with so many in flight, against the built-in server in a process of its own.
  func measureHTTP(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    let server = try LoopbackServerProcess.start()
    let small = server.url(bytes: 1024)
    findings.fixedCosts += try Self.oneByOne(small)
    var levels = [1, 4, 16, 64].map { HTTPLevel(depth: $0, bytes: 1024) }
    levels += [1, 16].map { HTTPLevel(depth: $0, bytes: 64 << 10) } + [HTTPLevel(depth: 4, bytes: 1 << 20)]
    if context.level != .quick {
      levels += [
        HTTPLevel(depth: 256, bytes: 1024), HTTPLevel(depth: 64, bytes: 64 << 10), HTTPLevel(depth: 16, bytes: 1 << 20),
      ]
    }
    levels = try Self.answered(levels, by: server, &findings.doubts)
    try context.alternate(Array(levels.indices)) { index throws(AdvisorError) in
      try levels[index].measure(server.url(bytes: levels[index].bytes))
    }
    findings.variableCosts.http = levels.compactMap(\.point)
  }

  /// The levels whose first requests are all answered; a limit on open files may allow few in flight and not many.
  private static func answered(
    _ levels: [HTTPLevel], by server: borrowing LoopbackServerProcess, _ doubts: inout [String]
  ) throws(AdvisorError) -> [HTTPLevel] {
    var answered: [HTTPLevel] = []
    var refusal = AdvisorError.lacking("an answer over loopback")
    for var level in levels {
      do throws(AdvisorError) {
        try level.warmUp(server.url(bytes: level.bytes))
        answered.append(level)
      } catch {
        refusal = error
        doubts.append("Not measured (HTTP with \(level.depth) in flight): \(error.problem).")
      }
    }
    guard !answered.isEmpty else { throw refusal }
    return answered
  }

  /// What opening a connection adds, and what one request takes on an open one.
  private static func oneByOne(_ url: String) throws(AdvisorError) -> [FixedCost] {
    var connects: [Double] = []
    for _ in 0..<20 {
      var connection = try Connection(.loopback)
      let result = connection.get(url)
      if result.succeeded { connects.append(result.connectSeconds) }
    }
    var connection = try Connection(.loopback)
    _ = connection.get(url)
    let requests = (0..<60).map { _ in connection.get(url) }.filter(\.succeeded).map(\.totalSeconds)
    return [FixedCost(.httpConnect, seconds: connects), FixedCost(.httpRequest, seconds: requests)].compactMap(\.self)
  }
}

/// Throughput at one number in flight and one size.
private struct HTTPLevel {
  /// Of a slice.
  static let seconds = 25e-3

  let depth: Int
  let bytes: Int
  var requests = 0
  var rates: [Double] = []

  /// Finds out how many requests fill a slice.
  mutating func warmUp(_ url: String) throws(AdvisorError) {
    requests = 2 * depth
    try measure(url)
    let rate = rates.removeLast()
    requests = max(2 * depth, Int(rate * Self.seconds))
  }

  mutating func measure(_ url: String) throws(AdvisorError) {
    var loop = try Loop(inFlight: depth, .loopback)
    var failure: TransferResult?
    do {
      // Connections open on the way: they are part of every job, and few against the requests.
      let start = Stopwatch.wall()
      try loop.run(count: requests, url: { _ in url }) { _, result in if !result.succeeded { failure = result } }
      rates.append(Double(requests) / max(Stopwatch.wall() - start, 1e-9))
    } catch {
      throw (error as? AdvisorError) ?? .lacking("an answer over loopback")
    }
    guard let failure else { return }
    throw AdvisorError(
      .unavailable, "a request over loopback failed: \(failure.error ?? "status \(failure.status)")",
      advice: "check that the loopback network is up, and the limit on open files (ulimit -n)")
  }

  var point: DepthPoint? {
    RobustEstimate.median(of: rates).map {
      DepthPoint(depth: depth, bytes: bytes, operationsPerSecond: Estimate($0, .perSecond))
    }
  }
}

extension FixedCost {
  /// A cost measured one by one, without neighbour probes: the median stands for both floor and typical.
  fileprivate init?(_ name: Name, seconds: [Double]) {
    guard let median = RobustEstimate.median(of: seconds), let least = seconds.min() else { return nil }
    let estimate = Estimate(median, .seconds)
    self.init(name: name, placement: .unpinned, floor: estimate, typical: estimate, minimum: least, acceptedShare: 1)
  }
}
