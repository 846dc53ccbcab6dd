import AdvisorCore
import Statistics
import System
import Transfer

/// Throughput at one number in flight of one address.
struct HTTPLevel {
  /// Of a slice.
  private let seconds: Double

  let depth: Int
  let url: String
  /// Of one reply, as it came.
  private var bytes = 0
  private var requests = 0
  private(set) var rates: [Double] = []
  private var slicesSeconds = 0.0
  private var clientSeconds = 0.0
  private var serverSeconds: Double? = 0

  init(depth: Int, url: String, level: MachineProfile.Level) {
    seconds = level == .quick ? 4.5e-3 : 15e-3
    self.depth = depth
    self.url = url
  }

  /// Finds out how many requests fill a slice.
  mutating func warmUp(_ options: TransferOptions) throws(AdvisorError) {
    requests = 2 * depth
    try measure(options)
    requests = max(2 * depth, Int(rates.removeLast() * seconds))
    (slicesSeconds, clientSeconds) = (0, 0)
  }

  mutating func measure(_ options: TransferOptions) throws(AdvisorError) {
    var loop = try Loop(inFlight: depth, options)
    var failure: TransferResult?
    var received = 0
    do {
      // On open connections: opening them is a worker's cost.
      try loop.run(count: depth, url: { [url] _ in url }) { _, _ in }
      let (start, cpuStart) = (MonotonicClock.seconds, CPUClock.threadSeconds)
      try loop.run(count: requests, url: { [url] _ in url }) { _, result in
        received = result.bytes
        if !result.succeeded { failure = result }
      }
      let seconds = max(MonotonicClock.seconds - start, 1e-9)
      rates.append(Double(requests) / seconds)
      slicesSeconds += seconds
      clientSeconds += CPUClock.threadSeconds - cpuStart
    } catch {
      throw (error as? AdvisorError) ?? .lacking("an answer over HTTP")
    }
    bytes = received
    guard let failure else { return }
    throw Self.failure(of: failure)
  }

  static func failure(of request: TransferResult) -> AdvisorError {
    AdvisorError(
      .unavailable, "a request failed: \(request.error ?? "status \(request.status)")",
      advice: "check that the server and the network are up, and the limit on open files (ulimit -n)")
  }

  /// Takes note of the server's CPU time around a slice.
  mutating func addServer(seconds now: Double?, since before: Double?) {
    guard let now, let before, let sum = serverSeconds else {
      serverSeconds = nil
      return
    }
    serverSeconds = sum + max(0, now - before)
  }

  func point(_ rate: RobustEstimate?) -> DepthPoint? {
    rate.map {
      DepthPoint(
        depth: depth, bytes: bytes, operationsPerSecond: Estimate($0, .perSecond),
        serverCPUs: slicesSeconds > 0 ? serverSeconds.map { $0 / slicesSeconds } : nil,
        clientCPUs: slicesSeconds > 0 ? clientSeconds / slicesSeconds : nil)
    }
  }
}
