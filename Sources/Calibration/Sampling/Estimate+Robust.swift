import AdvisorCore
private import func Glibc.exp
private import func Glibc.hypot
private import func Glibc.log
import Statistics

extension Estimate {
  /// No cost is less than nothing: what a difference of two of them scatters below 0 is cut off there.
  ///
  /// Of a single one nothing tells how far off it is: half to twice as much.
  ///
  /// - Parameter robust: with the interval of one session, which knows of no other.
  init(_ robust: RobustEstimate, _ unit: Unit) {
    let value = max(0, robust.value)
    guard robust.samples > 1 else {
      self.init(value: value, low: value / 2, high: value * 2, samples: robust.samples, unit: unit)
      return
    }
    self.init(
      value: value, low: max(0, min(robust.low, value)), high: max(robust.high, value), samples: robust.samples,
      unit: unit)
  }

  /// Makes a 90 % interval that of any session, in logarithms, given the coefficient of variation from one to the next.
  ///
  /// What has no interval was not measured with noise, and stays.
  mutating func widen(bySessionSpread spread: Double) {
    guard spread > 0, value > 0, low > 0, high > low else { return }
    low = value * exp(-hypot(log(value / low), 1.645 * spread))
    high = value * exp(hypot(log(high / value), 1.645 * spread))
  }
}

extension FixedCost {
  /// Makes the intervals of what arises between two virtual CPUs those of any session: the host moves them between its own, and
  /// leaves them there for minutes.
  mutating func widenByHost() {
    let spread: Double
    switch name {
    case .cacheLineRoundTrip: spread = Self.spreadOfVirtualLines
    case .httpConnect, .httpOpen, .httpRequest: spread = Self.spreadOfVirtualRequests
    case _ where placement == .crossCPU: spread = Self.spreadOfVirtualWakeUps
    default: return
    }
    floor.widen(bySessionSpread: spread)
    typical.widen(bySessionSpread: spread)
  }

  /// Coefficient of variation of waking another virtual CPU, from session to session.
  ///
  /// Of seven within six minutes on a guest of 2 CPUs, one of them 80 s long, six found round trips of 31 µs and one 43 µs; a C
  /// program beside them 45 and 57 µs.
  static let spreadOfVirtualWakeUps = 0.12

  /// The same of a request and its connection, for which two programs wake each other: nine sessions within an hour on a guest of 2
  /// CPUs that shares its cores took 62 to 103 µs for connecting, 42 to 69 for opening one of several and 55 to 104 for a request.
  static let spreadOfVirtualRequests = 0.2

  /// The same of a cache line's way to another virtual CPU and back: 65 ns in 22 of 24 sessions there, 380 ns in two.
  static let spreadOfVirtualLines = 0.5

  /// What a series says, given the session's quiet probe; nil where the meter never gave a batch.
  ///
  /// - Parameter isContended: whether tasks waited for CPUs meanwhile. A median of anything that blocks is then the
  ///   length of the run queue, ten times the cost and more, while the lowest values still repeat: the floor becomes
  ///   the 10th percentile with the least value and the lower quartile as its interval.
  init?(_ series: Series, quiet: Double, isContended: Bool = false) {
    guard let guarded = GuardedMedian(batches: series.batches, disturbances: series.disturbances, quiet: quiet)
    else { return nil }
    self.init(
      name: series.name, placement: series.placement, floor: Estimate(guarded.floor, .seconds),
      typical: Estimate(guarded.typical, .seconds), minimum: guarded.minimum, acceptedShare: guarded.acceptedShare)
    if isContended, series.name.blocks, let low = series.batches.quantile(0.1), let high = series.batches.quantile(0.25)
    {
      floor = Estimate(
        value: low, low: guarded.minimum, high: high, samples: series.batches.count, unit: .seconds)
    }
  }
}

extension VariableCosts {
  /// The same of bytes that two CPUs move at once, or from one to the other.
  mutating func widen(byHostOf machine: Machine) {
    let spread = machine.spreadOfBytesBetweenCPUs
    for index in memoryBandwidth.indices where memoryBandwidth[index].threads > 1 {
      memoryBandwidth[index].bytesPerSecond.widen(bySessionSpread: spread)
    }
    http = widened(http, byHostOf: machine)
    httpThreads = httpThreads.map { widened($0, byHostOf: machine) }
  }

  private func widened(_ requests: [DepthPoint], byHostOf machine: Machine) -> [DepthPoint] {
    requests.map { point in
      var point = point
      point.operationsPerSecond.widen(bySessionSpread: spread(ofRequest: point, among: requests, on: machine))
      return point
    }
  }
}

extension FixedCost.Name {
  /// Whether the measuring thread sleeps while the cost arises.
  fileprivate var blocks: Bool {
    switch self {
    case .cacheLineRoundTrip, .pageFault, .actorHop, .taskHop, .memoryPerProcess, .memoryPerThread: false
    default: true
    }
  }
}
