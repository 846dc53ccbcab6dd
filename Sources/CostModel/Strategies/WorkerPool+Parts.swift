import AdvisorCore

/// The parts of which a candidate's time is the sum.
extension PoolPlan {
  func bulk(workers: Int, time: TaskTime) -> [Outcome.Part] {
    let rounds = workShare * Double(tasks) / Double(min(workers, tasks))
    func part(_ name: Outcome.Part.Name, _ seconds: Double, _ error: ErrorSource) -> Outcome.Part {
      .init(name: name, seconds: rounds * seconds, isFixed: false, error: error)
    }
    return programParts(rounds * time.compute) + [
      part(.memory, time.memory, pace.memoryError(busy: workers)),
      part(.disk, time.disk, pace.diskError), part(.transfer, time.transfer, pace.transferError),
      part(.wait, time.wait, .exact),
    ]
  }

  /// The seconds in which the CPUs compute: the tasks' own work, and the start of their programs.
  private func programParts(_ seconds: Double) -> [Outcome.Part] {
    func part(_ name: Outcome.Part.Name, _ share: Double, _ error: ErrorSource) -> Outcome.Part {
      .init(name: name, seconds: seconds * share, isFixed: false, error: error)
    }
    let whole = demand.computeSeconds + demand.dispatchSeconds
    guard demand.programs > 0, whole > 0 else { return [part(.compute, 1, demand.computeError)] }
    let own = max(0, demand.computeSeconds - overheads.spawn.value) / whole
    return [part(.compute, own, demand.computeError), part(.spawn, 1 - own, overheads.spawn.error)]
  }

  func fixedParts(workers: Int, chunk: Int, work: Double) -> [Outcome.Part] {
    let used = min(workers, tasks)
    let chunks = Double((tasks + chunk - 1) / chunk)
    // One thread starts all programs, one after the other, and the last of them is still to run alone; what of that takes no
    // longer than the work is done meanwhile.
    let dispatch = max(
      (chunks / Double(used)).rounded(.up) * overheads.perChunk.value, chunks * overheads.perChunkOfDispatcher.value,
      demand.programs > 0 ? Double(tasks - 1) * demand.dispatchSeconds + pace.time(busy: 1).total - work : 0)
    let share = work / (chunks / Double(used)).rounded(.up)
    let longest = min(work, Double(chunk) * pace.time(busy: used).total)
    let settling = overheads.inStep.value * min(1, Double(tasks) / Double(FixedCost.requestsUntilInStep))
    let ready = start(workers: used, chunk: max(share, longest), work: work)
    let start = max(overheads.first.value, ready) + (used > 1 ? settling : 0)
    return [
      .init(name: .start, seconds: start, isFixed: true, error: overheads.startError),
      .init(name: .dispatch, seconds: dispatch, isFixed: true, error: overheads.perChunk.error),
      .init(
        name: .firstTouch, seconds: firstTouch(workers: used), isFixed: true,
        error: costs.firstTouch.error(bytes: touchedBytes(used), threads: used) ?? pace.memoryError(busy: used)),
      .init(
        name: .bufferGrowth, seconds: bufferGrowth(workers: used), isFixed: true, error: overheads.bufferGrowth.error),
    ]
  }

  /// Of what first replies take, the part that costs no time beside opening their connections: these wait together, and so their
  /// replies come as far apart as the requests were sent, and are taken in as they come.
  func takenInMeanwhile(workers: Int) -> Double {
    guard demand.httpBytes != nil, demand.waitSeconds > 0, costs.profile.seenBy == nil else { return 0 }
    let reply = pace.time(busy: workers).transfer / Double(workers) + overheads.firstBody.value
    let opening = overheads.perWorker.value - overheads.firstBody.value
    let apart = strategy == .async ? opening * Overheads.shareOfOpeningBetweenSends : opening
    return min(demand.waitSeconds, Double(workers - 1) * min(apart, reply))
  }

  /// One connection waits while its buffer grows; of several another is served meanwhile, so that they wait as long as one.
  private func bufferGrowth(workers: Int) -> Double {
    let replies = Double(tasks) / Double(workers)
    let growing = min(replies, Overheads.growingReplies * 0x1p20 / max(1, demand.httpBytes ?? 0))
    return overheads.bufferGrowth.value * growing
  }

  /// Few tasks, and all that one loop starts itself, wait for the last worker. Many are shared out so that the early ones
  /// do more; but the longer a chunk is beside the start of all, the less of that there is to share. No share makes more chunks
  /// faster than one for each worker.
  ///
  /// - Parameters:
  ///   - chunk: seconds of one while all workers are at work.
  ///   - work: seconds of all of them once all have started.
  private func start(workers: Int, chunk: Double, work: Double) -> Double {
    // They share the CPUs evenly, so that none is ready much before the last.
    let loading = overheads.loading.value / costs.capacity(for: demand.kernel).share(workers)
    let stagger = StaggeredStart(first: overheads.first.value + loading, step: overheads.perWorker.value)
    let last = stagger.first + stagger.step * Double(workers - 1)
    guard tasks > workers, strategy != .async, last > 0 else { return last }
    let shared = stagger.finish(work: work * Double(workers), workers: workers) - work
    return max(shared + max(0, last - shared) * min(1, chunk / last), last + chunk - work)
  }

  /// Each worker maps and writes its arrays once before it starts; where that was not measured, it is the kernel's zeroing
  /// and the worker's own pass, each as fast as streaming.
  private func firstTouch(workers: Int) -> Double {
    let bytes = touchedBytes(workers)
    guard bytes > 0 else { return 0 }
    let capacity = costs.capacity(for: demand.kernel)
    let slowdown = Double(min(workers, capacity.logicalCPUs)) / capacity.fairShare(workers)
    return slowdown
      * (costs.firstTouch.seconds(bytes: bytes, threads: workers)
        ?? pace.bandwidth.map { 2 * bytes / $0.total(threads: workers) } ?? 0)
  }

  private func touchedBytes(_ workers: Int) -> Double { demand.workingSetBytes * Double(workers) }

  func cpuSeconds(workers: Int) -> Double {
    let busy = min(workers, tasks)
    return workShare * Double(tasks) * pace.cpuSeconds(busy: strategy == .async ? 1 : busy)
      + Double(busy) * overheads.cpuPerWorker
  }

  /// What the largest part of the time says; an uneven finish belongs to the work.
  func limit(workers: Int, parts: [Outcome.Part]) -> BindingLimit {
    if parts.contains(where: { $0.name == .throttling }) { return .quota }
    let largest = parts.filter { $0.name != .unevenFinish }.max { $0.seconds < $1.seconds }?.name
    switch largest {
    case .start, .firstTouch: return .startUp
    case .dispatch: return .dispatch
    case .memory: return .memoryBandwidth
    case .disk: return .disk
    case .transfer, .bufferGrowth: return .ioBandwidth
    case .wait: return tasks <= workers ? .tasks : .latency
    default: return tasks <= workers && Double(tasks) < pace.carried * 0.99 ? .tasks : .cores
    }
  }
}
