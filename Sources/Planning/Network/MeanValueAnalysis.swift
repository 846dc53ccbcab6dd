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
    guard let layout = Layout(stations, users: users, maxNumbers: Self.maxNumbers) else { return nil }
    throughputs = users.map { _ in 0 }
    residences = stations.map { _ in users.map { _ in 0 } }
    queues = stations.map { _ in 0 }
    var table = [Double](repeating: 0, count: layout.points * layout.width)
    // With nobody there, a station of several servers surely has no request.
    for (place, station) in stations.enumerated() where (station.servers ?? 1) > 1 {
      table[layout.offsets[place] + 1] = 1
    }
    for point in stride(from: 1, to: layout.points, by: 1) {
      add(point, of: layout, stations, users, think, to: &table)
    }
  }

  /// One combination of users, from those with one less of a class.
  private mutating func add(
    _ point: Int, of layout: Layout, _ stations: [Station], _ users: [Int], _ think: [Double], to table: inout [Double]
  ) {
    for one in users.indices {
      let present = point / layout.strides[one] % (users[one] + 1)
      guard present > 0 else {
        throughputs[one] = 0
        continue
      }
      for (place, station) in stations.enumerated() {
        let row = layout.row(point - layout.strides[one], place)
        residences[place][one] = Self.residence(station, one, table, row)
      }
      throughputs[one] = Double(present) / residences.reduce(think[one]) { $0 + $1[one] }
    }
    for (place, station) in stations.enumerated() {
      queues[place] = users.indices.reduce(0) { $0 + throughputs[$1] * residences[place][$1] }
      table[layout.row(point, place)] = queues[place]
      let before = layout.strides.map { layout.row(point - $0, place) }
      Self.addShares(station, throughputs, to: &table, layout.row(point, place), before)
    }
  }

  /// Where the numbers of each combination of users stand.
  private struct Layout {
    /// Combinations of users.
    let points: Int
    /// Between combinations that differ by one user of a class.
    let strides: [Int]
    /// Of a combination's numbers, and of each station's within them: its requests and, with several servers, the shares of time
    /// with fewer requests than servers.
    let width: Int
    let offsets: [Int]

    init?(_ stations: [Station], users: [Int], maxNumbers: Int) {
      let widths = stations.map { station in
        if let servers = station.servers, servers > 1 { 1 + servers } else { 1 }
      }
      width = widths.reduce(0, +)
      offsets = widths.indices.map { widths[..<$0].reduce(0, +) }
      var (product, strides) = (1, [Int]())
      for users in users {
        strides.append(product)
        let (points, overflows) = product.multipliedReportingOverflow(by: users + 1)
        guard !overflows, points <= maxNumbers / width else { return nil }
        product = points
      }
      (points, self.strides) = (product, strides)
    }

    func row(_ point: Int, _ place: Int) -> Int { point * width + offsets[place] }
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
