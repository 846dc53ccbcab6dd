extension Machine {
  /// The usable CPUs in the order in which workers should take them: fast cores before slow ones, one hardware thread
  /// of every core before the second of any, and one NUMA node before the next.
  ///
  /// Hyperthreads of one core share its execution units, so that a second worker there adds at most some 30 %, where a
  /// core of its own doubles; workers on one node share its memory at local cost.
  public var placementOrder: [Int] {
    let usable = topology.filter { cpus.usable.contains($0.id) }
    guard !usable.isEmpty else { return Array(cpus.usable) }
    return usable.map { cpu in
      // How many hardware threads of the same core come first.
      let rank = cpu.siblings.intersection(cpus.usable).count { $0 < cpu.id }
      return (rank: rank, slowness: -cpu.capacity, node: cpu.node ?? 0, id: cpu.id)
    }.sorted { ($0.rank, $0.slowness, $0.node, $0.id) < ($1.rank, $1.slowness, $1.node, $1.id) }.map(\.id)
  }

  /// The plan that carries out a candidate on this machine: threads, processes, the computing stages of a pipeline and one
  /// thread that downloads are pinned in the placement order.
  public func plan(for candidate: Candidate, job: Job) -> Plan {
    let order = placementOrder
    let placed = Self.placedWorkers(candidate, job)
    // More workers than CPUs are left to the kernel: pinned ones could not move to a CPU that has run out of work.
    let isPinned = placed > 0 && placed <= order.count
    let memory = job.stages.compactMap(\.memoryBytes).max()
    return Plan(
      strategy: candidate.strategy, workers: candidate.workers, chunk: candidate.chunk,
      stageWorkers: candidate.stageWorkers, cpus: isPinned ? order : nil,
      memoryCapBytes: memory == nil ? nil : usable.memoryBytes.map(Double.init))
  }

  /// Workers that need a CPU each: beside a stage that waits, the kernel may put two that compute on one CPU for a while.
  private static func placedWorkers(_ candidate: Candidate, _ job: Job) -> Int {
    switch candidate.strategy {
    case .threads, .processes: candidate.workers
    case .pipeline: zip(job.stages, candidate.stageWorkers ?? []).reduce(0) { $0 + ($1.0.computes ? $1.1 : 0) }
    // One thread that asks a server again and again runs faster, and more evenly, where it stays.
    case .sequential, .async: job.stages.contains { $0.kind == .io } ? 1 : 0
    case .tasks: 0
    }
  }
}
