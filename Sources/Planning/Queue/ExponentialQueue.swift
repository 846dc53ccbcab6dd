public import AdvisorCore
private import func Glibc.exp
private import func Glibc.expm1
private import func Glibc.log

/// Requests that arrive at random, with exponential service times, first come first served: M/M/c, exactly
/// (Harchol-Balter, *Performance Modeling and Design of Computer Systems*, chapter 14).
public struct ExponentialQueue: Sendable {
  public let load: QueueLoad
  public let servers: Int
  public let probabilityOfWait: Double

  /// - Throws: `badData` when the servers cannot keep up.
  public init(_ load: QueueLoad, servers: Int) throws(AdvisorError) {
    try load.requireStable(servers: servers)
    self.init(
      stable: load, servers: servers,
      probabilityOfWait: Erlang.waitProbability(offeredLoad: load.offeredLoad, servers: servers))
  }

  init(stable load: QueueLoad, servers: Int, probabilityOfWait: Double) {
    self.load = load
    self.servers = servers
    self.probabilityOfWait = probabilityOfWait
  }

  /// Seconds.
  public var meanWait: Double { probabilityOfWait / drainRate }
}

extension ExponentialQueue: WaitingTimes {
  public var utilisation: Double { load.utilisation(servers: servers) }

  /// `P(W > t) = C·exp(−(cμ − λ)t)`.
  public func probability(waitAbove seconds: Double) -> Double { probabilityOfWait * exp(-drainRate * seconds) }

  public func waitQuantile(_ probability: Double) -> Double {
    guard probability > 1 - probabilityOfWait else { return 0 }
    return log(probabilityOfWait / (1 - probability)) / drainRate
  }

  /// The sum of an independent wait and service: `exp(−μt)·(1 + C·μ·∫₀ᵗ exp(−(θ−μ)u) du)`, θ = cμ − λ.
  public func probability(responseAbove seconds: Double) -> Double {
    let serviceRate = 1 / load.serviceSeconds
    let difference = drainRate - serviceRate
    // Either factor may overflow where the other underflows: far out, where θ < μ, the wait's own tail remains.
    guard abs(difference * seconds) < 700 else {
      let slow = difference < 0 ? probability(waitAbove: seconds) * serviceRate / -difference : 0
      let fast = exp(-serviceRate * seconds) * (difference > 0 ? 1 + probabilityOfWait * serviceRate / difference : 0)
      return slow + fast
    }
    let integral = difference * seconds == 0 ? seconds : -expm1(-difference * seconds) / difference
    return exp(-serviceRate * seconds) * (1 + probabilityOfWait * serviceRate * integral)
  }

  public func responseQuantile(_ probability: Double) -> Double {
    var high = load.serviceSeconds
    while self.probability(responseAbove: high) > 1 - probability { high *= 2 }
    var low = 0.0
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if self.probability(responseAbove: middle) > 1 - probability { low = middle } else { high = middle }
    }
  }

  /// How fast the queue empties when all servers are busy: cμ − λ.
  private var drainRate: Double { (Double(servers) - load.offeredLoad) / load.serviceSeconds }
}
