public import AdvisorCore
private import func Glibc.exp
private import func Glibc.lgamma
private import func Glibc.log
private import Statistics

/// Users who think, ask one station of several servers, and wait for the answer, first come first served, with exponential times:
/// M/M/c//N, exactly.
///
/// A request finds the station as it is with one user less (the arrival theorem: S. S. Lavenberg and M. Reiser, "Stationary State
/// Probabilities at Arrival Instants for Closed Queueing Networks", Journal of Applied Probability 17, 1980).
public struct ClosedQueue: Sendable {
  public let servers: Int
  public let serviceSeconds: Double
  public let utilisation: Double
  /// Requests a second.
  public let throughput: Double
  /// Share of requests that wait for 0, 1, 2 … departures.
  private let waiting: [Double]

  /// - Throws: `badData` for times or numbers that no such system has.
  public init(users: Int, thinkSeconds: Double, serviceSeconds: Double, servers: Int) throws(AdvisorError) {
    guard users <= Self.maxUsers,
      let system = ClosedMVA(users: users, think: thinkSeconds, service: serviceSeconds, servers: servers)
    else {
      throw AdvisorError(
        .badData,
        "\(count(users, "user")), a service time of \(Quantity.text(seconds: serviceSeconds)) and \(count(servers, "server")) are not a valid system",
        advice: "give 1 to \(Self.maxUsers) users, at least one server and a service time above zero")
    }
    self.servers = servers
    self.serviceSeconds = serviceSeconds
    utilisation = system.utilisation
    throughput = system.throughput
    let found = Self.shares(users: users - 1, thinkSeconds / serviceSeconds, servers)
    let late = found.dropFirst(servers)
    waiting =
      [found.prefix(servers).reduce(0, +)]
      + late.prefix(late.lastIndex { $0 > 1e-20 }.map { $0 + 1 - late.startIndex } ?? 0)
  }

  private static let maxUsers = 100_000

  /// The share of time with 0, 1, … users at the station: p(k) = p(k−1) · (N−k+1) / (Z/S · min(k, c)), in logarithms so that nothing
  /// overflows.
  private static func shares(users: Int, _ thinkOverService: Double, _ servers: Int) -> [Double] {
    guard users > 0 else { return [1] }
    guard thinkOverService > 0 else { return Array(repeating: 0, count: users) + [1] }
    var logarithms = [0.0]
    for count in 1...users {
      logarithms.append(
        logarithms[count - 1] + log(Double(users - count + 1) / (thinkOverService * Double(min(count, servers)))))
    }
    let peak = logarithms.max() ?? 0
    let weights = logarithms.map { exp($0 - peak) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}

extension ClosedQueue: WaitingTimes {
  public var probabilityOfWait: Double { waiting.dropFirst().reduce(0, +) }

  /// Each departure takes 1/cμ.
  public var meanWait: Double {
    waiting.enumerated().reduce(0) { $0 + $1.element * Double($1.offset) } * serviceSeconds / Double(servers)
  }

  public func probability(waitAbove seconds: Double) -> Double {
    let departures = departures(within: seconds)
    var (sum, still) = (0.0, 0.0)
    for count in waiting.indices.dropFirst() {
      still += departures[count - 1]
      sum += waiting[count] * min(1, still)
    }
    return sum
  }

  /// Of those that wait for n departures: `P(Γn > cμt) + Gn`, with `Gn = ∫ fn(u) e^−μ(t−u) du`, the share that is served after t though
  /// its wait is over. `Gn−1 = Gn (c−1)/c + P(n−1 departures by t)`, which downwards adds positive terms alone.
  public func probability(responseAbove seconds: Double) -> Double {
    let departures = departures(within: seconds)
    var served = late(waiting.count - 1, departures, seconds / serviceSeconds)
    var sum = waiting[waiting.count - 1] * served
    for count in stride(from: waiting.count - 2, through: 0, by: -1) {
      served = served * Double(servers - 1) / Double(servers) + departures[count]
      sum += waiting[count] * served
    }
    return min(1, sum + probability(waitAbove: seconds))
  }

  /// Gn, t in mean service times: `P(n departures by t) · Σ`, or `e^−t (c/(c−1))^n P(Γn ≤ (c−1)t)` where the first would underflow.
  private func late(_ count: Int, _ departures: [Double], _ time: Double) -> Double {
    let rest = Double(servers - 1) * time
    guard rest > Double(count) else { return departures[count] * Self.series(count, rest) }
    let early = (0..<count).reduce(0) { $0 + exp(Double($1) * log(rest) - rest - lgamma(Double($1) + 1)) }
    return exp(Double(count) * log(Double(servers) / Double(servers - 1)) - time) * (1 - early)
  }

  public func waitQuantile(_ probability: Double) -> Double {
    1 - probability >= probabilityOfWait ? 0 : quantile(probability) { self.probability(waitAbove: $0) }
  }

  public func responseQuantile(_ probability: Double) -> Double {
    quantile(probability) { self.probability(responseAbove: $0) }
  }

  private func quantile(_ probability: Double, _ tail: (Double) -> Double) -> Double {
    var (low, high) = (0.0, serviceSeconds)
    while tail(high) > 1 - probability { (low, high) = (high, high * 2) }
    while high - low > 1e-12 * high {
      let middle = (low + high) / 2
      if tail(middle) > 1 - probability { low = middle } else { high = middle }
    }
    return high
  }

  /// The chance of 0, 1, … departures within a time while all servers are busy.
  private func departures(within seconds: Double) -> [Double] {
    let mean = Double(servers) * seconds / serviceSeconds
    guard mean > 0 else { return waiting.indices.map { $0 == 0 ? 1 : 0 } }
    return waiting.indices.map { exp(Double($0) * log(mean) - mean - lgamma(Double($0) + 1)) }
  }

  /// `1 + x/(n+1) + x²/(n+1)(n+2) + …`
  private static func series(_ count: Int, _ x: Double) -> Double {
    var (term, sum, place) = (1.0, 1.0, Double(count))
    while term > 1e-17 * sum, sum < 1e290 {
      place += 1
      term *= x / place
      sum += term
    }
    return sum
  }
}
