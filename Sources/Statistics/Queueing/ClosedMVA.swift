/// A closed system: a fixed number of users who think, ask one station of `servers`, wait for the answer, and think again.
///
/// Exact for exponential service: the machine-repair birth–death chain, which is what exact mean value analysis also
/// gives (Lazowska et al., "Quantitative System Performance", 1984, chapters 6 and 8). With one server the result holds for
/// processor sharing of any service distribution as well.
public struct ClosedMVA: Sendable, Hashable {
  /// Answers in a second.
  public var throughput: Double
  /// Mean time from asking to the answer, seconds.
  public var response: Double
  /// Mean share of the station's capacity in use.
  public var utilisation: Double

  /// - Parameters:
  ///   - users: how many there are; at least one.
  ///   - think: mean time between an answer and the next request, seconds; may be zero.
  ///   - service: mean time one request occupies a server, seconds; above zero.
  /// - Returns: nil for parameters outside these ranges.
  public init?(users: Int, think: Double, service: Double, servers: Int) {
    guard servers >= 1 else { return nil }
    self.init(users: users, think: think, service: service, capacity: Double(servers)) { Double(min($0, servers)) }
  }

  /// A station that works the faster the more requests are there, but not in proportion (ibid., chapter 8: load-dependent
  /// service centres).
  ///
  /// - Parameters:
  ///   - service: mean time of a request that is there alone, seconds; above zero.
  ///   - capacity: the most that `speedup` gives, by which the utilisation is measured.
  ///   - speedup: the station's rate by number of requests, from one on, over its rate with one; above zero.
  /// - Returns: nil for parameters outside these ranges.
  public init?(users: Int, think: Double, service: Double, capacity: Double, speedup: (Int) -> Double) {
    guard users >= 1, think >= 0, think.isFinite, service > 0, service.isFinite else { return nil }
    let working = think == 0 ? speedup(users) : Self.meanSpeedup(users, think / service, speedup)
    guard working > 0, working.isFinite else { return nil }
    throughput = working / service
    response = Double(users) / throughput - think
    utilisation = working / capacity
  }

  /// The mean speedup, from the chain's weights p(k) = p(k−1) · (N−k+1) / (Z/S · speedup(k)).
  ///
  /// The weights rise to one peak and fall, so they are summed outwards from it: nothing overflows, and a million
  /// users cost only as many steps as have any weight.
  private static func meanSpeedup(
    _ users: Int, _ thinkOverService: Double, _ speedup: (Int) -> Double
  ) -> Double {
    func ratio(_ k: Int) -> Double { Double(users - k + 1) / (thinkOverService * speedup(k)) }
    let peak = firstPlace(in: 0..<users) { ratio($0 + 1) <= 1 }
    var total = 1.0
    var working = peak > 0 ? speedup(peak) : 0
    var weight = 1.0
    for k in stride(from: peak + 1, through: users, by: 1) {
      weight *= ratio(k)
      total += weight
      working += weight * speedup(k)
      if weight < total * 1e-18 { break }
    }
    weight = 1
    for k in stride(from: peak - 1, through: 0, by: -1) {
      weight /= ratio(k + 1)
      total += weight
      working += weight * (k > 0 ? speedup(k) : 0)
      if weight < total * 1e-18 { break }
    }
    return working / total
  }

  /// The first place where a condition holds that holds everywhere after; the end of the range when nowhere.
  private static func firstPlace(in range: Range<Int>, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
