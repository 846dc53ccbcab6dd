import AdvisorCore
import Statistics
import System

/// Times every meter in turn, there and back (ABBA), a neighbour probe between any two batches.
///
/// A slow drift of the machine so falls on all costs alike, and each batch knows how quiet the moment was. The sampler
/// never waits for convergence: it stops when every meter has enough undisturbed batches, when the budget is spent, or
/// when it is told to.
struct Sampler {
  /// Undisturbed batches that are enough for one cost.
  static let goal = 60
  /// A batch lasts about so long: above the clock's resolution, below the time a neighbour stays the same.
  static let batchSeconds = 200e-6

  var clock: () -> Double = { MonotonicClock.seconds }
  /// Seconds of one neighbour probe.
  var probe: () -> Double
  /// Asked between batches.
  var shouldStop: () -> Bool = { false }
  var report: (_ share: Double) -> Void = { _ in }

  struct Outcome {
    var series: [Series] = []
    var probes: [Double] = []
    /// The meters that failed, with what they said.
    var failures: [(name: FixedCost.Name, error: AdvisorError)] = []

    /// Takes in what another run of the same meters has found.
    mutating func add(_ other: Outcome) {
      for found in other.series {
        if let index = series.firstIndex(where: { $0.name == found.name && $0.placement == found.placement }) {
          series[index].batches += found.batches
          series[index].disturbances += found.disturbances
        } else {
          series.append(found)
        }
      }
      probes += other.probes
      failures += other.failures.filter { failure in !failures.contains { $0.name == failure.name } }
    }
  }

  /// - Parameter budget: seconds; at least one whole round is made unless told to stop.
  func run(_ meters: [Meter], budget: Double) -> Outcome {
    let deadline = clock() + budget
    var outcome = Outcome()
    var live = warmUp(meters, into: &outcome)
    var last = probe()
    outcome.probes.append(last)
    var round = 0
    while !live.isEmpty, !shouldStop() {
      for index in round.isMultiple(of: 2) ? Array(live.indices) : live.indices.reversed() {
        let batch = live[index].time()
        let after = probe()
        outcome.probes.append(after)
        if let batch { live[index].add(batch, disturbance: max(last, after), isReturn: !round.isMultiple(of: 2)) }
        last = after
        if shouldStop() || (round > 0 && clock() >= deadline) { break }
      }
      round += 1
      report(min(1, 1 - (deadline - clock()) / max(budget, 1e-9)))
      let left = deadline - clock()
      if left <= 0 || (left < budget / 2 && isEnough(live, probes: outcome.probes)) { break }
    }
    outcome.series += live.map(\.series)
    return outcome
  }

  /// Runs each meter twice, which also tells how many occurrences make a batch.
  fileprivate func warmUp(_ meters: [Meter], into outcome: inout Outcome) -> [LiveMeter] {
    var live: [LiveMeter] = []
    for meter in meters where !shouldStop() {
      do {
        _ = try meter.perform(1)
        let once = max(try meter.perform(1), 1e-9)
        let few = max(1, min(64, Int(Self.batchSeconds / once)))
        let each = max(try meter.perform(few) / Double(few), 1e-9)
        let occurrences = max(1, min(100_000, Int(Self.batchSeconds / each)))
        live.append(LiveMeter(meter: meter, occurrences: occurrences))
      } catch {
        outcome.failures.append((meter.name, error))
      }
    }
    return live
  }

  /// Asked once in eight rounds, since it sorts the probes, and only in the second half: a neighbour that stays through
  /// the first milliseconds would pass for quiet.
  fileprivate func isEnough(_ live: [LiveMeter], probes: [Double]) -> Bool {
    guard probes.count % 8 == 0, let quiet = GuardedMedian.quietProbe(of: probes) else { return false }
    return live.allSatisfy { meter in
      meter.series.disturbances.count { $0 <= quiet * GuardedMedian.tolerance } >= Self.goal
    }
  }
}

private struct LiveMeter {
  let meter: Meter
  let occurrences: Int
  private(set) var series: Series
  /// Whether the last batch waits for the one on the way back.
  private var awaitsReturn = false

  init(meter: Meter, occurrences: Int) {
    self.meter = meter
    self.occurrences = occurrences
    self.series = Series(name: meter.name, placement: meter.placement)
  }

  mutating func add(_ batch: Double, disturbance: Double, isReturn: Bool) {
    if isReturn, awaitsReturn, let last = series.batches.indices.last {
      series.batches[last] = (series.batches[last] + batch) / 2
      series.disturbances[last] = max(series.disturbances[last], disturbance)
      awaitsReturn = false
    } else {
      series.batches.append(batch)
      series.disturbances.append(disturbance)
      awaitsReturn = meter.dependsOnOrder && !isReturn
    }
  }

  /// Seconds of one occurrence; nil where the batch failed, as a spawn may for a moment.
  func time() -> Double? { (try? meter.perform(occurrences)).map { $0 / Double(occurrences) } }
}
