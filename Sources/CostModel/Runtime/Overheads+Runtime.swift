import AdvisorCore

/// What a runtime's own ways of running things add to the work.
extension Overheads {
  /// - Throws: `.badData` where the runtime's costs lack one of this strategy.
  init(_ strategy: Strategy, _ demand: TaskDemand, in runtime: RuntimeCosts) throws(AdvisorError) {
    self.init()
    base = runtime.cost(.memoryOfInterpreter) ?? .none
    switch strategy {
    case .threads:
      perWorker = try runtime.needed(.threadStart)
      perTask = try runtime.needed(.threadHop)
      memoryPerWorker = runtime.cost(.memoryPerThread) ?? .none
    case .async:
      first = try runtime.needed(.loopStart)
      perTask = try runtime.needed(.loopTask)
      if demand.httpBytes != nil {
        // The demand holds what the request costs a thread.
        let (loop, thread) = (try runtime.needed(.loopRequest), try runtime.needed(.request))
        perTask = Cost(value: perTask.value + loop.value - thread.value, error: loop.error)
      }
      memoryPerWorker = runtime.cost(.memoryPerTask) ?? .none
    case .processes: try setPool(runtime, demand)
    case .sequential, .tasks, .pipeline: break
    }
    cpuPerWorker = perWorker.value
  }

  /// `Pool.map` queues all chunks at once: a worker takes the next one without asking, and what bounds the rate of chunks is
  /// the parent's one thread for results, or the workers' turns at the queue.
  private mutating func setPool(_ runtime: RuntimeCosts, _ demand: TaskDemand) throws(AdvisorError) {
    guard let pool = runtime.cheapestPool else {
      throw AdvisorError(
        .badData, "the profile lacks the cost of a pool of processes in \(runtime.name)",
        advice: "measure it with `advisor calibrate --runtime \(runtime.name)`")
    }
    first = Cost(pool.first, of: "pool first") ?? .none
    perWorker = Cost(pool.perWorker, of: "pool per worker") ?? .none
    let chunk = try runtime.needed(.poolChunk)
    perChunkOfDispatcher = chunk
    // It was measured on two workers, each of which so takes twice as long.
    perChunk = Cost(value: 2 * chunk.value, error: chunk.error)
    perTask = try runtime.needed(.poolTask)
    if demand.pickledBytes > 0, let pickling = runtime.cost(.pickling) {
      perTask = perTask + Cost(value: pickling.value * demand.pickledBytes, error: pickling.error)
    }
    memoryPerWorker = pool.memoryPerWorker.flatMap { Cost($0, of: "pool memory") } ?? .none
  }
}

/// How a task looks from a runtime.
extension TaskDemand {
  /// - Throws: `.badData` for work that was not measured in a runtime's own terms.
  mutating func see(_ stage: Stage, by runtime: RuntimeCosts) throws(AdvisorError) {
    switch stage.kind {
    case .cpu, .wait: break
    case .io:
      // The client's own work is CPU time, and in threads it needs the lock.
      let request = try runtime.needed(.request)
      let byte = runtime.cost(.requestByte)
      computeSeconds += request.value + (httpBytes ?? 0) * (byte?.value ?? 0)
      computeError = request.error
    case .mem, .disk, .command:
      throw AdvisorError(
        .badData, "jobs of the kind \(stage.kind.rawValue) are not measured in \(runtime.name)",
        advice:
          "ask without --runtime, or describe the job by its CPU time and waits: cpu:8x300ms, wait:200x50ms, io:100x64KiB"
      )
    }
    pickledBytes = (stage.inputBytes ?? 0) + (stage.outputBytes ?? 0)
  }
}

extension Candidates {
  /// The ways that a runtime's own library has, simplest first.
  static func strategiesOfRuntime(for job: Job) -> [Strategy] {
    let waits = Set(job.stages.map(\.kind)).isSubset(of: [.wait, .io])
    return [.sequential, .threads] + (waits ? [.async] : []) + [.processes]
  }
}
