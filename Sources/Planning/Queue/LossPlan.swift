public import AdvisorCore

/// A queue that loses requests (`advisor.loss-queue/1`), exactly, with exponential times: those that find no free server (Erlang B,
/// A. K. Erlang 1917), or those whose patience ends before they are served (Erlang A, C. Palm 1946; A. Mandelbaum and S. Zeltyn, "The
/// Palm/Erlang-A Queue, with Applications to Call Centers", 2005). Times in seconds.
public struct LossPlan: Codable, Hashable, Sendable {
  public static let schema = "advisor.loss-queue/1"

  public var schema = Self.schema
  public var arrivalRate: Double
  public var serviceTime: Double
  public var servers: Int
  /// Mean time that a request waits before it gives up; 0 where none waits.
  public var patience: Double
  /// Of requests that find all servers busy.
  public var probabilityOfWait: Double
  /// The share that is turned away or gives up.
  public var lostShare: Double
  /// Of all requests, served or not.
  public var meanWait: Double
  public var meanQueueLength: Double
  public var utilisation: Double
  public var method: String
  /// What the number of servers was chosen for, and what is reached; empty when it was given.
  public var outcomes: [QueueOutcome] = []

  /// - Parameter patience: seconds; 0 for requests that do not wait at all.
  /// - Throws: `badData` for numbers that no such system has.
  public init(_ load: QueueLoad, servers: Int, patience: Double) throws(AdvisorError) {
    guard servers >= 1, patience >= 0, patience.isFinite else {
      throw AdvisorError(
        .badData,
        "\(count(servers, "server")) and a patience of \(Quantity.text(seconds: patience)) are not a valid system",
        advice: "give at least one server, and a patience of zero or more")
    }
    let loss = Erlang.lossProbability(offeredLoad: load.offeredLoad, servers: servers)
    let waiting = patience > 0 ? Self.waiting(load, servers, patience, loss: loss) : (probability: loss, mean: 0.0)
    arrivalRate = load.arrivalRate
    serviceTime = load.serviceSeconds
    self.servers = servers
    self.patience = patience
    probabilityOfWait = waiting.probability
    meanQueueLength = waiting.mean
    meanWait = waiting.mean / load.arrivalRate
    // Who waits gives up at the rate 1/patience.
    lostShare = patience > 0 ? waiting.mean / patience / load.arrivalRate : loss
    utilisation = load.offeredLoad * (1 - lostShare) / Double(servers)
    method = patience > 0 ? "exact (M/M/c+M, Erlang A)" : "exact (M/M/c/c, Erlang B)"
  }

  /// The chance to find all servers busy, and the mean number of requests that wait: with the states above c summed relative to
  /// that of c busy servers, whose share among those up to c is Erlang's loss.
  private static func waiting(
    _ load: QueueLoad, _ servers: Int, _ patience: Double, loss: Double
  ) -> (probability: Double, mean: Double) {
    var (weight, sum, length, count) = (1.0, 1.0, 0.0, 0.0)
    repeat {
      count += 1
      weight *= load.arrivalRate / (Double(servers) / load.serviceSeconds + count / patience)
      sum += weight
      length += count * weight
    } while weight > 1e-17 * sum && sum < 1e300
    let share = loss / (loss * (sum - 1) + 1)
    return (share * sum, share * length)
  }

  /// The plan with the fewest servers that lose at most this share: more servers never lose more.
  ///
  /// - Throws: `badData` for a share that is none.
  public static func fewestServers(
    _ load: QueueLoad, patience: Double, lostAtMost limit: Double
  ) throws(AdvisorError) -> LossPlan {
    guard limit > 0, limit < 1 else {
      throw AdvisorError(
        .badData, "the share \(limit) is not a valid goal", advice: "give a share between 0 and 1, such as 0.05")
    }
    var (low, high) = (0, 1)
    while try LossPlan(load, servers: high, patience: patience).lostShare > limit { (low, high) = (high, high * 2) }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if try LossPlan(load, servers: middle, patience: patience).lostShare > limit {
        low = middle
      } else {
        high = middle
      }
    }
    var plan = try LossPlan(load, servers: high, patience: patience)
    plan.outcomes = [.lost(atMost: limit, reached: plan.lostShare)]
    return plan
  }
}
