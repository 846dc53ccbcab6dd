import AdvisorCore

/// The ways of running a job that are worth predicting.
struct Candidates {
  let job: Job
  let goal: Goal
  let costs: CostBook

  /// More under way on one event loop, or in threads that wait, have not been found to gain anything.
  static let maxUnderWay = 8192
  static let maxThreads = 2048

  /// The strategies that can carry out such a job, simplest first.
  static func strategies(for job: Job, in runtime: RuntimeCosts? = nil) -> [Strategy] {
    if runtime != nil { return strategiesOfRuntime(for: job) }
    let kinds = Set(job.stages.map(\.kind))
    if kinds.contains(.command) { return [.processes] }
    let waits = kinds.isSubset(of: [.wait, .io])
    // Reading and downloading hold a thread of the pool that Swift tasks share, one a CPU.
    let tasks: [Strategy] = waits || kinds.contains(.disk) || kinds.contains(.io) ? [] : [.tasks]
    return [.sequential, .threads] + tasks + (waits ? [.async] : []) + [.processes]
      + (job.stages.count > 1 ? [.pipeline] : [])
  }

  /// The worker counts worth a look for a strategy in which each worker takes the next task.
  func workerCounts(_ strategy: Strategy, pool: PoolPlan) -> [Int] {
    guard strategy != .sequential else { return [1] }
    let capacity = costs.capacity(for: pool.demand.kernel)
    var limit = min(pool.tasks, goal.maxWorkers ?? .max, pool.maxWorkers(within: memoryLimit ?? .infinity))
    limit = min(limit, workerLimit(strategy).count, pool.maxUseful)
    var marks = [capacity.cores, capacity.logicalCPUs] + pool.knees
    if let quota = costs.quota { marks += [Int(quota.cpus.rounded(.up)), Int(quota.cpus.rounded(.down))] }
    guard pool.waits else {
      return WorkerCounts.computing(upTo: min(limit, 2 * capacity.logicalCPUs), marks: marks)
    }
    // Equal tasks that wait run in waves: counts that fill the last wave.
    marks += (1...8).map { (pool.tasks + $0 - 1) / $0 }
    return WorkerCounts.waiting(upTo: limit, marks: marks)
  }

  /// What workers and tasks may hold: the user's limit or the machine's, less a tenth for what the model does not see.
  var memoryLimit: Double? {
    let machine = costs.profile.machine.usable.memoryBytes.map { Double($0) * 0.9 }
    return [goal.memoryLimitBytes, machine].compactMap(\.self).min()
  }

  /// What the limits on files, processes and threads leave of a strategy's workers.
  func workerLimit(_ strategy: Strategy) -> WorkerLimit {
    let ceiling = strategy == .sequential ? 1 : strategy == .async ? Self.maxUnderWay : Self.maxThreads
    return WorkerLimit(
      .init(strategy, stages: job.stages), limits: costs.profile.machine.limits, ceiling: ceiling)
  }
}

/// Which worker counts are worth a look.
enum WorkerCounts {
  /// The most that are looked at.
  private static let most = 48

  /// For work that keeps CPUs busy: every count up to 16, then in steps of a fifth.
  ///
  /// - Parameter marks: counts that must not be stepped over, such as the physical cores.
  static func computing(upTo limit: Int, marks: [Int]) -> [Int] { spread(upTo: limit, dense: 16, marks: marks) }

  /// For work that mostly waits: up to the limit, with the knees.
  static func waiting(upTo limit: Int, marks: [Int]) -> [Int] { spread(upTo: limit, dense: 8, marks: marks) }

  private static func spread(upTo limit: Int, dense: Int, marks: [Int]) -> [Int] {
    guard limit >= 1 else { return [] }
    var counts = Set(marks.filter { (1...limit).contains($0) })
    counts.insert(limit)
    var next = 1.0
    while next <= Double(limit) {
      counts.insert(Int(next))
      next = next < Double(dense) ? next + 1 : (next * 1.2).rounded(.up)
    }
    let sorted = counts.sorted()
    guard sorted.count > most else { return sorted }
    let stride = Double(sorted.count - 1) / Double(most - 1)
    return (0..<most).map { sorted[Int((Double($0) * stride).rounded())] }
  }
}
