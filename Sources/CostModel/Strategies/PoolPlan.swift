import AdvisorCore

/// Predicts the strategies in which workers, or slots of one loop, each take the next task (docs/model.md, 5.1).
struct PoolPlan {
  let costs: CostBook
  let demand: TaskDemand
  let tasks: Int
  let strategy: Strategy
  let overheads: Overheads
  let pace: TaskPace
  let scv: Double
  /// Each task's time over the mean task's, where the sizes are known.
  private let known: KnownTimes?

  /// - Throws: `.badData` where the profile lacks a cost of the job or of the strategy.
  init(_ strategy: Strategy, _ demand: TaskDemand, tasks: Int, _ costs: CostBook) throws(AdvisorError) {
    self.costs = costs
    self.demand = demand
    self.tasks = tasks
    self.strategy = strategy
    overheads = try Overheads(strategy, demand, costs)
    pace = try TaskPace(
      demand, Self.carrier(strategy, costs), overhead: overheads.perTask.value, costs)
    let share = Self.shareThatGrows(demand, pace.time(busy: 1))
    scv = demand.spread * demand.spread * share * share
    known = KnownTimes(demand, tasks: tasks, share: share)
  }

  private static func carrier(_ strategy: Strategy, _ costs: CostBook) -> TaskPace.Carrier {
    switch strategy {
    case .async: .loop
    case .threads where costs.profile.seenBy?.holdsGIL == true: .takingTurns
    default: .workers
    }
  }

  /// All tasks' work over that of as many mean tasks.
  var workShare: Double { known?.mean ?? 1 }

  /// - Parameter chunk: nil for the best.
  func outcome(workers planned: Int, chunk: Int?, simulating: Bool, sizes: SizeCache) -> Outcome {
    let workers = min(planned, maxUseful)
    var time = pace.time(busy: workers)
    let chunk = chunk ?? bestChunk(workers: workers, time: time)
    var makespan = makespan(workers: workers, chunk: chunk, time: time, simulating: simulating, sizes: sizes)
    addQueueing(&time, &makespan, workers: workers, chunk: chunk)
    var parts = bulk(workers: workers, time: time)
    let even = parts.reduce(0) { $0 + $1.seconds }
    let total = makespan.mean
    let main = parts.max { $0.seconds < $1.seconds }?.error ?? .exact
    parts.append(.init(name: .unevenFinish, seconds: max(0, total - even), isFixed: false, error: main))
    if let transfer = parts.firstIndex(where: { $0.name == .transfer }) {
      parts[transfer].seconds = max(0, parts[transfer].seconds - takenInMeanwhile(workers: min(workers, tasks)))
    }
    parts += fixedParts(workers: workers, chunk: chunk, work: total)
    let cpuSeconds = cpuSeconds(workers: workers)
    // What hands out programs is under the quota, too.
    let used = cpuSeconds + Double(tasks) * demand.dispatchSeconds
    parts += costs.throttling(after: parts, cpuSeconds: used, error: demand.computeError)
    parts.removeAll { $0.seconds <= 0 }
    return Outcome(
      strategy: strategy, workers: planned, chunk: chunk, parts: parts, cpuSeconds: cpuSeconds,
      minSeconds: costs.minSeconds(cpuSeconds: cpuSeconds, threads: strategy == .async ? 1 : workers),
      memoryBytes: memoryBytes(workers: workers), limit: limit(workers: workers, parts: parts),
      makespanSpread: makespan.makespanSpread, isGuess: !makespan.isReliable)
  }

  /// More workers than this do nothing: no more than there are tasks, and Swift tasks that do not suspend hold a thread of
  /// their pool, which has one a CPU.
  var maxUseful: Int {
    guard strategy == .tasks, !suspends else { return tasks }
    return min(tasks, costs.capacity(for: demand.kernel).logicalCPUs)
  }

  private var suspends: Bool {
    demand.waitSeconds > 0 && demand.httpBytes == nil && demand.diskBytes == 0
  }

  /// Whether a task spends a good part of its time off the CPU.
  var waits: Bool {
    let time = pace.time(busy: 1)
    return time.wait + time.disk + time.transfer > 0.05 * time.total
  }

  /// Worker counts from which more should gain nothing: P (1 + l/s) by Little's law, and a third above, since work is never
  /// spread evenly; and where bandwidth is used up.
  var knees: [Int] {
    let time = pace.time(busy: 1)
    let onCPU = time.compute + time.memory
    let little = onCPU > 0 ? pace.carried * time.total / onCPU : 0
    let knees = [little, 1.3 * little, pace.deviceKnee].filter { $0 >= 1 && $0 < 1e9 }
    return knees.map { Int($0.rounded(.up)) }
  }

  /// Memory that a number of workers holds together.
  func memoryBytes(workers: Int) -> Double {
    overheads.base.value + Double(workers) * overheads.memoryPerWorker.value
      + Double(min(workers, tasks)) * demand.residentBytes + Double(strategy == .async ? 1 : workers)
      * demand.workingSetBytes
  }

  /// The most workers that a limit leaves room for; 0 when not even one fits.
  func maxWorkers(within bytes: Double) -> Int {
    let one = memoryBytes(workers: 1)
    guard one <= bytes else { return 0 }
    let each = memoryBytes(workers: 2) - one
    guard tasks > 1, each > 0 else { return .max }
    return Int(min(1e9, 1 + (bytes - one) / each))
  }
}

extension PoolPlan {
  /// The sizes stretch only what grows with them: not a latency, nor what a request costs whatever its size.
  private static func shareThatGrows(_ demand: TaskDemand, _ time: TaskTime) -> Double {
    guard time.total > 0 else { return 0 }
    return (time.total - (demand.httpBytes != nil ? time.wait : 0)) / time.total
  }

  private func bestChunk(workers: Int, time: TaskTime) -> Int {
    let handOver = overheads.perChunk.value / max(time.total, 1e-12)
    // What costs under a thousandth of a task is not worth saving.
    guard workers > 1, handOver > 1e-3 else { return 1 }
    return Chunking.best(tasks: tasks, workers: workers, scv: scv, overhead: handOver)
  }

  private func makespan(
    workers: Int, chunk: Int, time: TaskTime, simulating: Bool, sizes: SizeCache
  ) -> Makespan {
    let used = min(workers, tasks)
    let alone = pace.time(busy: 1).total
    let capacity = Double(used) * min(1, alone / time.total)
    let shared = makespan(
      used: used, chunk: chunk, time: time, capacity: capacity, simulating: simulating, sizes: sizes)
    guard pace.carrier == .workers, !waits, shared.mean > 0 else { return shared }
    let uneven = scv > 0 ? 1 : pace.unevenness(tasks: (tasks + chunk - 1) / chunk, busy: min(used, pace.cpus))
    guard used > pace.cpus else { return shared.scaled(by: uneven) }
    // As fast as all together, but no more at a time than there are CPUs.
    let share = Double(pace.cpus) / Double(used)
    let turn = TaskTime(compute: time.compute * share, memory: time.memory * share)
    let inTurn = makespan(
      used: pace.cpus, chunk: chunk, time: turn, capacity: capacity, simulating: simulating, sizes: sizes)
    let even = TimeSlice.evenness(ofTasksOf: alone)
    return shared.scaled(by: uneven * (inTurn.mean + (shared.mean - inTurn.mean) * even) / shared.mean)
  }

  /// - Parameters:
  ///   - used: workers that have a task.
  ///   - capacity: how many of them are at full speed at once.
  private func makespan(
    used: Int, chunk: Int, time: TaskTime, capacity: Double, simulating: Bool, sizes: SizeCache
  ) -> Makespan {
    guard scv > 0 || chunk > 1 else { return waves(workers: used, time: time) }
    let chunks = (tasks + chunk - 1) / chunk
    let alone = pace.time(busy: 1).total
    let capacity = min(capacity, Double(used))
    guard scv > 0 else {
      let makespan = Makespan.equalChunks(tasks: tasks, workers: used, chunk: chunk, capacity: capacity)
      return Makespan(mean: makespan * min(alone, time.total), deviation: 0)
    }
    let each = Double(tasks) / Double(chunks)
    if let known {
      let makespan = ListScheduling.makespan(of: known.sums(of: chunk), workers: used, capacity: capacity)
      return Makespan(mean: makespan * min(alone, time.total), deviation: 0)
    }
    let makespan = sizes.makespan(
      tasks: chunks, workers: min(used, chunks), capacity: capacity, scv: scv / each, simulating: simulating)
    return makespan.scaled(by: each * min(alone, time.total))
  }

  /// What mean value analysis misses of tasks that wait first and compute then: none computes while all of them wait.
  private func addQueueing(_ time: inout TaskTime, _ makespan: inout Makespan, workers: Int, chunk: Int) {
    let used = min(workers, tasks)
    guard let lockstep = lockstep(time, workers: used), makespan.mean > 0 else { return }
    let mean = scv == 0 && chunk == 1 ? lockstep.makespan(tasks: tasks, workers: used) : makespan.mean
    let work = workShare * Double(tasks) * lockstep.service / Double(lockstep.servers)
    let seconds = max(mean, lockstep.wait + work)
    let rounds = workShare * Double(tasks) / Double(used)
    time.compute = max(0, time.compute + (seconds - makespan.mean) / rounds)
    makespan = makespan.scaled(by: seconds / makespan.mean)
  }

  /// Nil for tasks that only wait or only compute, and for programs, of which nobody knows when they wait.
  private func lockstep(_ time: TaskTime, workers: Int) -> Lockstep? {
    let alone = pace.time(busy: 1)
    let onCPU = alone.compute + alone.memory
    guard demand.programs == 0, pace.carrier == .workers, onCPU > 0, onCPU < 0.99 * alone.total else { return nil }
    // No more of them compute at once than there are workers, and fewer lose less to each other.
    let servers = min(workers, pace.cpus)
    return Lockstep(
      wait: time.wait + time.disk + time.transfer, service: onCPU * Double(servers) / pace.speedup(servers),
      servers: servers)
  }

  /// Equal tasks: whole waves at the pace of all workers, and the rest at the pace of so few.
  private func waves(workers: Int, time: TaskTime) -> Makespan {
    // Where few were measured to be slower than many, they could be joined by idle ones.
    let mean = Makespan.waves(tasks: tasks, workers: workers) {
      $0 == workers ? time.total : min(time.total, pace.time(busy: $0).total)
    }
    return Makespan(mean: mean, deviation: 0)
  }
}
