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
  /// Mean share of the servers that work.
  public var utilisation: Double

  /// - Parameters:
  ///   - users: how many there are; at least one.
  ///   - think: mean time between an answer and the next request, seconds; may be zero.
  ///   - service: mean time one request occupies a server, seconds; above zero.
  /// - Returns: nil for parameters outside these ranges.
  public init?(users: Int, think: Double, service: Double, servers: Int) {
    guard users >= 1, servers >= 1, think >= 0, think.isFinite, service > 0, service.isFinite else { return nil }
    let busy = think == 0 ? Double(min(users, servers)) : Self.busyServers(users, think / service, servers)
    throughput = busy / service
    response = Double(users) / throughput - think
    utilisation = busy / Double(servers)
  }

  /// Mean number of busy servers, from the chain's weights p(k) = p(k−1) · (N−k+1) / (Z/S · min(k, c)).
  ///
  /// The weights rise to one peak and fall, so they are summed outwards from it: nothing overflows, and a million
  /// users cost only as many steps as have any weight.
  private static func busyServers(_ users: Int, _ thinkOverService: Double, _ servers: Int) -> Double {
    func ratio(_ k: Int) -> Double { Double(users - k + 1) / (thinkOverService * Double(min(k, servers))) }
    let peak = firstPlace(in: 0..<users) { ratio($0 + 1) <= 1 }
    var total = 1.0
    var busy = Double(min(peak, servers))
    var weight = 1.0
    for k in stride(from: peak + 1, through: users, by: 1) {
      weight *= ratio(k)
      total += weight
      busy += weight * Double(min(k, servers))
      if weight < total * 1e-18 { break }
    }
    weight = 1
    for k in stride(from: peak - 1, through: 0, by: -1) {
      weight /= ratio(k + 1)
      total += weight
      busy += weight * Double(min(k, servers))
      if weight < total * 1e-18 { break }
    }
    return busy / total
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
