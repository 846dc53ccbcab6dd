public import AdvisorCore

/// Measured throughput at several numbers of workers.
public struct ScalingData: Sendable {
  public struct Point: Codable, Hashable, Sendable {
    /// Workers, machines, users or requests in flight; need not be whole.
    public var workers: Double
    /// Work done in a second.
    public var throughput: Double

    public init(workers: Double, throughput: Double) {
      self.workers = workers
      self.throughput = throughput
    }
  }

  /// All measurements at one number of workers.
  struct Group {
    var workers: Double
    var count = 0.0
    var throughput = 0.0
    /// Mean seconds for one unit of work.
    var seconds = 0.0
    /// Squares of the throughputs about their mean, summed.
    var throughputSpread = 0.0
    /// The spread of the seconds.
    var secondsSpread = 0.0

    /// Welford's update (Technometrics 4(3), 1962).
    mutating func add(_ point: Point) {
      count += 1
      let above = point.throughput - throughput
      throughput += above / count
      throughputSpread += above * (point.throughput - throughput)
      let slower = 1 / point.throughput - seconds
      seconds += slower / count
      secondsSpread += slower * (1 / point.throughput - seconds)
    }
  }

  /// What throughput counts; nil where it is not told.
  public var unit: QuantityUnit?
  /// The file it was read from; nil for measurements of advisor's own.
  public var input: TableInput?
  /// One group a number of workers, ascending.
  let groups: [Group]

  public var points: Int { Int(groups.reduce(0) { $0 + $1.count }) }

  /// - Parameter points: in any order; several at one number of workers are repeats.
  /// - Throws: `badData` unless all are above zero and finite and there are at least three different numbers of workers.
  public init(_ points: [Point]) throws(AdvisorError) {
    var groups: [Double: Group] = [:]
    for (index, point) in points.enumerated() {
      guard point.workers.isFinite, point.workers > 0, point.throughput.isNormal, point.throughput > 0 else {
        throw AdvisorError(
          .badData,
          "measurement \(index + 1) is not above zero: \(count(point.workers, "worker")), throughput "
            + Quantity.significant(point.throughput),
          advice: "leave it out, or correct it")
      }
      groups[point.workers, default: Group(workers: point.workers)].add(point)
    }
    guard groups.count >= 3 else {
      throw AdvisorError(
        .badData, Self.tooFew(groups.values.map(\.workers).sorted()),
        advice: "measure with at least three, such as 1, 2 and 4 workers; a curve through fewer says nothing")
    }
    self.groups = groups.values.sorted { $0.workers < $1.workers }
  }

  init(groups: [Group]) { self.groups = groups }

  /// - Parameter workers: the numbers of workers that were measured: two at most.
  private static func tooFew(_ workers: [Double]) -> String {
    guard let last = workers.last else { return "there are no measurements" }
    let numbers = workers.map(Quantity.significant).joined(separator: " and ")
    return "all measurements are of \(numbers) \(last == 1 ? "worker" : "workers")"
  }

  /// Fewest and most workers.
  var range: ClosedRange<Double> { (groups.first?.workers ?? 0)...(groups.last?.workers ?? 0) }
}
