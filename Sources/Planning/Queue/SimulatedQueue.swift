public import AdvisorCore
private import func Glibc.exp
private import func Glibc.log
private import Statistics

/// Requests that arrive at random and are served first come first served, by seeded simulation: M/G/c.
///
/// With one server the mean wait comes out exact; near saturation the controls save a factor of a thousand in requests.
public struct SimulatedQueue: Sendable {
  public let probabilityOfWait: Double
  public let utilisation: Double
  /// Seconds.
  public let meanWait: Double
  /// Half the 95 % interval of the mean wait, as a share of it; infinite when nobody waited.
  public let relativeHalfWidth: Double
  public let requests: Int
  /// Whether the queue fills and empties too slowly for a simulation to show it: then quantiles are those of the
  /// heavy-traffic limit, an exponential wait (J. F. C. Kingman 1962; for several servers J. Köllerström 1974).
  public let isHeavyTraffic: Bool
  private let serviceSeconds: Double
  /// Seconds, in ascending order; a regular sample of the requests.
  private let waits: [Double]
  private let responses: [Double]

  /// Simulates until the mean wait is known to this precision, or the number of requests is reached.
  ///
  /// - Parameter precision: the half-width to reach, as a share of the mean.
  /// - Throws: `badData` when the servers cannot keep up.
  public init(
    _ load: QueueLoad, _ service: ServiceDistribution, servers: Int, seed: UInt64, precision: Double = 0.01,
    maxRequests: Int = 1 << 22
  ) throws(AdvisorError) {
    try load.requireStable(servers: servers)
    var run = QueueRun(offeredLoad: load.offeredLoad, service: service, servers: servers, seed: seed)
    // Start from a queue as full as usual; a tenth of the shortest run, and some for each server.
    run.advance(max(1 << 13, 8 * servers), recording: false)
    var estimate: ControlledMean
    repeat {
      run.advance(max(run.requests, 1 << 17), recording: true)
      estimate = ControlledMean(
        run.batches, offeredLoad: load.offeredLoad, service: service, servers: servers)
    } while (estimate.relativeHalfWidth > precision || estimate.luck > Self.maxLuck) && run.requests < maxRequests
    requests = run.requests
    utilisation = load.utilisation(servers: servers)
    isHeavyTraffic = estimate.luck > Self.maxLuck && load.utilisation(servers: servers) > 0.8
    serviceSeconds = load.serviceSeconds
    probabilityOfWait =
      isHeavyTraffic
      ? Erlang.waitProbability(offeredLoad: load.offeredLoad, servers: servers)
      : Double(run.waited) / Double(run.requests)
    meanWait = estimate.value * load.serviceSeconds
    relativeHalfWidth = estimate.relativeHalfWidth
    waits = run.waits.sorted().map { $0 * load.serviceSeconds }
    responses = run.responses.sorted().map { $0 * load.serviceSeconds }
  }

  private static let maxLuck = 0.2
}

extension SimulatedQueue: WaitingTimes {
  public func probability(waitAbove seconds: Double) -> Double {
    if isHeavyTraffic { return min(1, probabilityOfWait * exp(-seconds * probabilityOfWait / meanWait)) }
    return seconds == 0 ? probabilityOfWait : Self.share(of: waits, above: seconds)
  }

  public func waitQuantile(_ probability: Double) -> Double {
    guard isHeavyTraffic else { return waits.quantileOfSorted(probability) ?? 0 }
    return max(0, log(probabilityOfWait / (1 - probability)) * meanWait / probabilityOfWait)
  }

  /// Beside such waits the spread of the service itself does not count.
  public func probability(responseAbove seconds: Double) -> Double {
    isHeavyTraffic
      ? probability(waitAbove: max(0, seconds - serviceSeconds)) : Self.share(of: responses, above: seconds)
  }

  public func responseQuantile(_ probability: Double) -> Double {
    isHeavyTraffic ? waitQuantile(probability) + serviceSeconds : responses.quantileOfSorted(probability) ?? 0
  }

  private static func share(of sorted: [Double], above limit: Double) -> Double {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] > limit { high = middle } else { low = middle + 1 }
    }
    return Double(sorted.count - low) / Double(max(sorted.count, 1))
  }
}
