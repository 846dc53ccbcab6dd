import AdvisorCore
import Statistics
import System
import Transfer
import Workloads

extension Phase {
  /// Requests per second of a number of threads, each of which asks one after another as a job's workers do.
  static func byThreads(
    _ context: Context, _ server: borrowing LoopbackServerProcess
  ) throws(AdvisorError) -> [DepthPoint] {
    var points: [DepthPoint] = []
    let sizes = [1024, 64 << 10, 1 << 20]
    for (index, bytes) in sizes.enumerated() where !context.shouldStop() {
      let context = context.part(index, of: sizes.count)
      points += try byThreads(context, bytes: bytes, server)
    }
    return points
  }

  private static func byThreads(
    _ context: Context, bytes: Int, _ server: borrowing LoopbackServerProcess
  ) throws(AdvisorError) -> [DepthPoint] {
    let (counts, url) = (context.askingThreads, server.url(bytes: bytes))
    let make = { @Sendable (_: Int) throws(AdvisorError) -> any Workload in try Requests(url) }
    let order = context.machine.placementOrder
    // Workers keep to a CPU each while there are enough.
    let pinned = try ThreadTeam(order.count, cpus: order, make)
    var paces: [Int: [ThreadTeam.Pace]] = [:]
    var servers: [Int: [Double]] = [:]
    try context.alternate(counts) { count throws(AdvisorError) in
      // Where the kernel puts threads beside the server they stay for long: each time others, so that all places count.
      let team = count <= order.count ? pinned : try ThreadTeam(count, cpus: nil, make)
      let (start, before) = (MonotonicClock.seconds, server.cpuSeconds())
      paces[count, default: []].append(try team.pace(active: count, seconds: context.sliceSeconds(active: count)))
      guard let before, let after = server.cpuSeconds() else { return }
      servers[count, default: []].append(max(0, after - before) / (MonotonicClock.seconds - start))
    }
    let rates = RobustEstimate.medians(of: counts.map { (paces[$0] ?? []).map(\.unitsPerSecond) })
    return zip(counts, rates).compactMap { count, rate in
      rate.map {
        DepthPoint(
          depth: count, bytes: bytes, operationsPerSecond: Estimate($0, .perSecond),
          serverCPUs: servers[count]?.median(), clientCPUs: paces[count]?.map(\.cpus).median())
      }
    }
  }
}

extension Phase.Context {
  /// As many as there are usable CPUs, twice as many, and where there is time those between and some more: threads that
  /// wait for a server gain beyond the CPUs. One is a loop with one in flight.
  fileprivate var askingThreads: [Int] {
    let usable = max(1, machine.usable.logicalCPUs)
    var counts = Set([max(2, usable), 2 * usable])
    guard level != .quick else { return counts.sorted() }
    counts.formUnion(sequence(first: 4) { $0 * 4 }.prefix { $0 < usable })
    counts.insert(min(6 * usable, max(64, 2 * usable)))
    return counts.sorted()
  }
}

/// Requests over a connection that stays open; a unit is a request.
private final class Requests: Workload {
  let sliceUnits = 1
  private let url: String
  private var loop: Loop

  init(_ url: String) throws(AdvisorError) {
    self.url = url
    loop = try Loop(inFlight: 1, .loopback)
    _ = try run(units: 1)
  }

  func run(units: Int) throws(AdvisorError) -> UInt64 {
    var failure: TransferResult?
    do {
      try loop.run(count: units, url: { [url] _ in url }) { if !$1.succeeded { failure = $1 } }
    } catch {
      throw (error as? AdvisorError) ?? .lacking("an answer over HTTP")
    }
    guard let failure else { return 0 }
    throw HTTPLevel.failure(of: failure)
  }
}
