import AdvisorCore
private import func Glibc.pow

/// Predicts a group of threads a stage, with bounded hand-off between them (docs/model.md, 5.2).
struct PipelinePlan {
  private let costs: CostBook
  private let items: Int
  private let stages: [PoolPlan]

  /// - Throws: `.badData` where the profile lacks a cost of one of the stages, or of threads.
  init(_ job: Job, _ costs: CostBook) throws(AdvisorError) {
    self.costs = costs
    items = job.stages.first?.count ?? 0
    var stages: [PoolPlan] = []
    for stage in job.stages {
      stages.append(try PoolPlan(.pipeline, try TaskDemand(stage, costs), tasks: items, costs))
    }
    self.stages = stages
  }

  func outcome(_ slots: [Int], simulating: Bool) -> Outcome {
    let times = zip(stages, slots).map { $0.pace.time(busy: min($1, items)) }
    let makespan = makespan(times, slots, simulating: simulating)
    let slowest = slowest(times, slots)
    let cpuSeconds = Double(items) * zip(stages, slots).reduce(0) { $0 + $1.0.pace.cpuSeconds(busy: min($1.1, items)) }
    let total = max(makespan.mean, minTime(times, slots, slowest: slowest))
    var parts = stages[slowest].bulk(workers: slots[slowest], time: times[slowest])
    let bulk = parts.reduce(0) { $0 + $1.seconds }
    parts.append(
      .init(
        name: .fillAndDrain, seconds: max(0, total - bulk), isFixed: false,
        error: parts.max { $0.seconds < $1.seconds }?.error ?? .exact))
    parts += fixedParts(slots)
    parts += costs.throttling(after: parts, cpuSeconds: cpuSeconds, error: stages[slowest].demand.computeError)
    parts.removeAll { $0.seconds <= 0 }
    return Outcome(
      strategy: .pipeline, workers: slots.reduce(0, +), chunk: 1, stageWorkers: slots, parts: parts,
      cpuSeconds: cpuSeconds,
      minSeconds: costs.minSeconds(cpuSeconds: cpuSeconds, threads: slots.reduce(0, +)),
      memoryBytes: memoryBytes(slots),
      limit: stages[slowest].limit(workers: slots[slowest], parts: parts), makespanSpread: makespan.makespanSpread,
      isGuess: !makespan.isReliable)
  }

  /// However the stages overlap, they share the CPUs, which have nothing to compute until the first item comes.
  ///
  /// With more threads than CPUs a stage that fetches takes its CPU time from some workers and not from others, so that they
  /// end apart: the last of w ends t (w - 1) / (2 (w + 1)) after their mean where their ends are uniform within one item's t.
  private func minTime(_ times: [TaskTime], _ slots: [Int], slowest: Int) -> Double {
    let carried = stages.map(\.pace.carried).min() ?? 1
    let each = stages.map { $0.pace.cpuSeconds(busy: 1) + ($0.pace.request?.server ?? 0) }
    let idle = zip(times, each).prefix(slowest).reduce(0) { $0 + max(0, $1.0.total - $1.1 / carried) }
    let workers = Double(min(slots[slowest], items))
    let isCrowded = Double(slots.reduce(0, +)) > carried
    let uneven = isCrowded ? times[slowest].total * (workers - 1) / (2 * (workers + 1)) : 0
    return Double(items) * each.reduce(0, +) / carried + idle + uneven
  }

  /// The slots of each stage that are worth a look together.
  func slots(maxWorkers: Int, memoryLimit: Double?) -> [[Int]] {
    let options = stages.map { counts(for: $0) }
    let combinations = options.reduce([[]]) { rows, counts in rows.flatMap { row in counts.map { row + [$0] } } }
    return combinations.filter { slots in
      slots.reduce(0, +) <= maxWorkers && memoryBytes(slots) <= memoryLimit ?? .infinity
    }
  }

  func memoryBytes(_ slots: [Int]) -> Double {
    let base = stages.first?.overheads.base.value ?? 0
    return zip(stages, slots).reduce(base) { $0 + $1.0.memoryBytes(workers: $1.1) - base }
  }

  /// Few enough that all combinations can be looked at: up to a hundred or so.
  private func counts(for stage: PoolPlan) -> [Int] {
    let most = stages.count > 2 ? 4 : 10
    let cpus = costs.capacity(for: stage.demand.kernel).logicalCPUs
    let knee = stage.knees.max() ?? cpus
    let limit = min(items, stage.waits ? min(Candidates.maxThreads, max(knee, 8 * cpus)) : cpus)
    let ratio = max(1.5, pow(Double(limit), 1 / Double(most - 1)))
    var counts = Set([limit] + stage.knees.filter { $0 <= limit }.prefix(2))
    var next = 1.0
    while Int(next) <= limit {
      counts.insert(Int(next))
      next = max(next + 1, next * ratio)
    }
    return counts.sorted()
  }

  private func makespan(_ times: [TaskTime], _ slots: [Int], simulating: Bool) -> Makespan {
    let scv = stages.map(\.scv).max() ?? 0
    guard stages.count == 2 else {
      return Makespan(mean: Self.formula(times.map(\.total), slots, items), deviation: 0)
    }
    let pipeline = TwoStagePipeline(
      items: items, first: times[0].total, second: times[1].total, firstSlots: slots[0], secondSlots: slots[1],
      buffer: slots[1], gap: gap(slots))
    guard simulating else {
      return Makespan(mean: pipeline.formula, deviation: 0, isReliable: scv == 0)
    }
    return pipeline.makespan(scv: scv)
  }

  /// Equal waits end together. A server beside us then has to wake for the next requests while the items that came have just
  /// begun to be computed: where they take all CPUs it waits for one of them, or for the end of its slice.
  private func gap(_ slots: [Int]) -> Double {
    let (requests, computing) = (stages[0], stages[1].pace)
    guard requests.demand.waitSeconds > 0, requests.pace.request?.server ?? 0 > 0, slots[1] >= computing.cpus
    else { return 0 }
    return min(TimeSlice.seconds, computing.cpuSeconds(busy: 1))
  }

  /// Any number of stages of equal items: the slowest is always busy but while the first item comes to it and the last leaves.
  static func formula(_ times: [Double], _ slots: [Int], _ items: Int) -> Double {
    let through = times.reduce(0, +)
    return zip(times, slots).map { time, slots in
      time * (Double(items) / Double(slots)).rounded(.up) + through - time
    }.max() ?? 0
  }

  private func slowest(_ times: [TaskTime], _ slots: [Int]) -> Int {
    let rates = zip(times, slots).map { $0.total / Double($1) }
    return rates.indices.max { rates[$0] < rates[$1] } ?? 0
  }

  private func fixedParts(_ slots: [Int]) -> [Outcome.Part] {
    let start = zip(stages, slots).map { Double($1) * $0.overheads.perWorker.value }.reduce(0, +)
    let handOff = costs.fixed(.queueHandOff) ?? .none
    let narrowest = Double(slots.min() ?? 1)
    return [
      .init(name: .start, seconds: start, isFixed: true, error: stages[0].overheads.perWorker.error),
      .init(
        name: .dispatch, seconds: Double(items * stages.count) * handOff.value / narrowest, isFixed: true,
        error: handOff.error),
    ]
  }
}
