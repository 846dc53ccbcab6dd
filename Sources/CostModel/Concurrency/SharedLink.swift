import Statistics

/// A link, a server or a device that serves several requests at once, up to a rate.
struct SharedLink: Sendable, Hashable {
  /// Seconds of one transfer that has it to itself.
  var alone: Double
  /// Least seconds between completions, however many are under way.
  var interval: Double

  /// Seconds of a transfer when several begin together: equal latencies keep requests in step, so that they meet at the link all
  /// at once, wave after wave (docs/model.md, 4.2: latency + max(b/r1, k b/W)).
  func responseInStep(_ underWay: Int) -> Double { max(alone, Double(underWay) * interval) }

  /// Seconds of a transfer when requests come at random: a closed system of users who are away in between
  /// (exact mean value analysis of a delay and a station).
  ///
  /// - Parameter away: mean seconds between the end of one transfer and the beginning of the next, of each request's slot.
  func responseAtRandom(_ underWay: Int, away: Double) -> Double {
    guard interval > 0, underWay >= 1 else { return alone }
    let servers = max(1, Int(min(1e6, alone / interval).rounded()))
    let system = ClosedMVA(users: underWay, think: away, service: interval * Double(servers), servers: servers)
    return max(alone, system?.response ?? alone)
  }

  /// Highest rate of requests, per second, with a number of them under way: Little's law and the link's rate.
  func throughputBound(_ underWay: Int, away: Double) -> Double {
    min(Double(underWay) / (away + alone), interval > 0 ? 1 / interval : .infinity)
  }
}
