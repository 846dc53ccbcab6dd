/// Exact mean value analysis of a closed network (M. Reiser and S. S. Lavenberg, "Mean-Value Analysis of Closed Multichain Queuing
/// Networks", Journal of the ACM 27(2), 1980): user by user, through every combination of the classes' users.
struct MeanValueAnalysis {
  struct Station {
    /// Nil for a delay.
    var servers: Int?
    /// Seconds of each class.
    var demands: [Double]
  }

  /// Requests a second of each class, with all users.
  private(set) var throughputs: [Double]
  /// Seconds at each station, by class.
  private(set) var residences: [[Double]]
  /// Requests at each station.
  private(set) var queues: [Double]

  /// Numbers that are kept: 160 MB of them.
  private static let maxNumbers = 20_000_000

  /// Nil where there are too many combinations to keep.
  init?(_ stations: [Station], users: [Int], think: [Double]) {
    // A station's requests; of several servers, also the shares of time with fewer requests than servers.
    let widths = stations.map { 1 + max(0, ($0.servers ?? 1) > 1 ? $0.servers ?? 1 : 0) }
    let width = widths.reduce(0, +)
    var points = 1
    var strides: [Int] = []
    for users in users {
      strides.append(points)
      let (product, overflows) = points.multipliedReportingOverflow(by: users + 1)
      guard !overflows, product <= Self.maxNumbers / width else { return nil }
      points = product
    }
    let offsets = widths.indices.map { widths[..<$0].reduce(0, +) }
    throughputs = users.map { _ in 0 }
    residences = stations.map { _ in users.map { _ in 0 } }
    queues = stations.map { _ in 0 }
    var table = [Double](repeating: 0, count: points * width)
    // With nobody there, a station of several servers surely has no request.
    for (place, station) in stations.enumerated() where (station.servers ?? 1) > 1 { table[offsets[place] + 1] = 1 }
    for point in stride(from: 1, to: points, by: 1) {
      let present = zip(strides, users).map { point / $0 % ($1 + 1) }
      for one in users.indices where present[one] > 0 {
        let before = (point - strides[one]) * width
        for (place, station) in stations.enumerated() {
          residences[place][one] = Self.residence(station, one, table, before + offsets[place])
        }
        let seconds = residences.reduce(think[one]) { $0 + $1[one] }
        throughputs[one] = Double(present[one]) / seconds
      }
      for one in users.indices where present[one] == 0 { throughputs[one] = 0 }
      for (place, station) in stations.enumerated() {
        let row = point * width + offsets[place]
        queues[place] = users.indices.reduce(0) { $0 + throughputs[$1] * residences[place][$1] }
        table[row] = queues[place]
        let before = strides.map { (point - $0) * width + offsets[place] }
        Self.addShares(station, throughputs, to: &table, row, before)
      }
    }
  }

  /// What a request finds that comes when its class has one user less (the arrival theorem).
  private static func residence(_ station: Station, _ one: Int, _ table: [Double], _ row: Int) -> Double {
    guard let servers = station.servers else { return station.demands[one] }
    guard servers > 1 else { return station.demands[one] * (1 + table[row]) }
    let idle = (0..<(servers - 1)).reduce(0) { $0 + Double(servers - 1 - $1) * table[row + 1 + $1] }
    return station.demands[one] / Double(servers) * (1 + table[row] + idle)
  }

  /// The shares of time with 0, 1, … fewer requests than servers.
  private static func addShares(
    _ station: Station, _ throughputs: [Double], to table: inout [Double], _ row: Int, _ before: [Int]
  ) {
    guard let servers = station.servers, servers > 1 else { return }
    let busy = throughputs.indices.reduce(0) { $0 + throughputs[$1] * station.demands[$1] }
    var idle = 0.0
    for count in 1..<servers {
      let share = throughputs.indices.reduce(0.0) { sum, one in
        // A class without users has no state before this one.
        throughputs[one] > 0
          ? sum + station.demands[one] * throughputs[one] * table[before[one] + count] : sum
      }
      table[row + 1 + count] = share / Double(count)
      idle += Double(servers - count) * table[row + 1 + count]
    }
    table[row + 1] = max(0, 1 - (busy + idle) / Double(servers))
  }
}
