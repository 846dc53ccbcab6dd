public import AdvisorCore

/// What to expect of a queue (`advisor.queue/1`). Times in seconds.
public struct QueuePlan: Codable, Hashable, Sendable {
  /// The times that half, nine tenths, … of the requests stay within.
  public struct Percentiles: Codable, Hashable, Sendable {
    public var p50: Double
    public var p90: Double
    public var p95: Double
    public var p99: Double
    /// Another share that was asked for; nil where none was.
    @Nullable public var asked: Asked?

    /// A share of the requests, and the time that it stays within.
    public struct Asked: Codable, Hashable, Sendable {
      public var share: Double
      public var seconds: Double
    }

    /// - Parameter share: one that is asked for, beside those that are always told.
    init(asked share: Double?, _ quantile: (Double) -> Double) {
      let isMore = share.map { ![0.5, 0.9, 0.95, 0.99].contains($0) } ?? false
      asked = isMore ? share.map { Asked(share: $0, seconds: quantile($0)) } : nil
      p50 = quantile(0.5)
      p90 = quantile(0.9)
      p95 = quantile(0.95)
      p99 = quantile(0.99)
    }
  }

  /// Waiting, and waiting with service.
  public struct Times: Codable, Hashable, Sendable {
    public var wait: Percentiles
    public var response: Percentiles
  }

  public static let schema = "advisor.queue/1"

  public var schema = Self.schema
  public var arrivalRate: Double
  public var serviceTime: Double
  public var serviceDistribution: String
  public var servers: Int
  /// Mean number of busy servers, in erlangs.
  public var offeredLoad: Double
  public var utilisation: Double
  public var probabilityOfWait: Double
  public var meanWait: Double
  public var meanResponse: Double
  /// Mean number of requests that wait, and that are in the system (Little's law).
  public var meanQueueLength: Double
  public var meanInSystem: Double
  public var percentiles: Times
  /// Where the figures come from.
  public var method: String
  /// What the number of servers was chosen for, and what is reached; empty when it was given.
  public var outcomes: [QueueOutcome]

  /// - Parameter seed: of the simulation, where there is one.
  /// - Parameter goals: that the number of servers was chosen for.
  /// - Parameter percentile: a share of requests to tell the times of, beside the usual ones.
  /// - Throws: `badData` when the servers cannot keep up.
  public init(
    _ load: QueueLoad, _ service: ServiceDistribution, servers: Int, seed: UInt64, goals: [QueueGoal] = [],
    percentile: Double? = nil
  ) throws(AdvisorError) {
    if service == .exponential {
      let queue = try ExponentialQueue(load, servers: servers)
      self.init(
        load, service, servers, queue, goals, percentile, meanWait: queue.meanWait, method: "exact (M/M/c, Erlang C)")
    } else {
      let queue = try SimulatedQueue(load, service, servers: servers, seed: seed)
      let source = MeanWaitSource(load, service, servers: servers, queue)
      self.init(
        load, service, servers, queue, goals, percentile,
        meanWait: source.meanWait(load, service, servers: servers, queue),
        method: source.text(queue, seed: seed))
    }
  }

  private init(
    _ load: QueueLoad, _ service: ServiceDistribution, _ servers: Int, _ queue: some WaitingTimes,
    _ goals: [QueueGoal], _ percentile: Double?, meanWait: Double, method: String
  ) {
    arrivalRate = load.arrivalRate
    serviceTime = load.serviceSeconds
    serviceDistribution = service.description
    self.servers = servers
    offeredLoad = load.offeredLoad
    utilisation = load.utilisation(servers: servers)
    probabilityOfWait = queue.probabilityOfWait
    self.meanWait = meanWait
    meanResponse = meanWait + load.serviceSeconds
    meanQueueLength = load.arrivalRate * meanWait
    meanInSystem = load.arrivalRate * meanResponse
    percentiles = Times(
      wait: Percentiles(asked: percentile, queue.waitQuantile),
      response: Percentiles(asked: percentile, queue.responseQuantile))
    self.method = method
    outcomes = goals.map { $0.outcome(of: queue) }
  }
}

/// Where the mean wait of a queue with general service times is best taken from.
private enum MeanWaitSource {
  case pollaczekKhinchine
  case whitt
  /// Whitt's again: so few requests waited that simulation says little.
  case whittForRareWaits
  case simulation

  init(_ load: QueueLoad, _ service: ServiceDistribution, servers: Int, _ queue: SimulatedQueue) {
    if servers == 1 {
      self = .pollaczekKhinchine
    } else if Self.isWhittGood(service, utilisation: load.utilisation(servers: servers), servers: servers) {
      self = .whitt
    } else {
      self = queue.relativeHalfWidth > 0.1 ? .whittForRareWaits : .simulation
    }
  }

  func meanWait(_ load: QueueLoad, _ service: ServiceDistribution, servers: Int, _ queue: SimulatedQueue) -> Double {
    switch self {
    case .pollaczekKhinchine, .simulation: queue.meanWait
    case .whitt, .whittForRareWaits:
      ExponentialQueue(
        stable: load, servers: servers,
        probabilityOfWait: Erlang.waitProbability(offeredLoad: load.offeredLoad, servers: servers)
      ).meanWait
        * WhittApproximation.factor(
          scv: service.scv, utilisation: load.utilisation(servers: servers), servers: servers)
    }
  }

  func text(_ queue: SimulatedQueue, seed: UInt64) -> String {
    let run =
      "simulation of \(Quantity.text(count: Double(queue.requests))) requests (seed \(seed))"
      + (queue.isHeavyTraffic ? ", percentiles by the heavy-traffic limit, since the queue changes more slowly" : "")
    return switch self {
    case .pollaczekKhinchine: "mean wait exact (Pollaczek-Khinchine); the rest by \(run)"
    case .whitt: "mean wait by Whitt's 1993 approximation, here within 2 %; the rest by \(run)"
    case .whittForRareWaits:
      "mean wait by Whitt's 1993 approximation, since too few requests waited in the simulation; the rest by \(run)"
    case .simulation: "\(run), mean wait ± \(Quantity.text(share: queue.relativeHalfWidth))"
    }
  }

  /// Where the approximation was within 2 % of long simulations: regular service times, busy servers.
  private static func isWhittGood(_ service: ServiceDistribution, utilisation: Double, servers: Int) -> Bool {
    switch service {
    case .deterministic: utilisation >= 0.7 && servers <= 32
    case .erlang(let phases): phases >= 4 && utilisation >= 0.7 && servers <= 32
    default: false
    }
  }
}
