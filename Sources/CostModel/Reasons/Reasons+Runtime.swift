import AdvisorCore

/// What of a runtime's own costs bears on the choice.
extension Reasons {
  var runtimeReasons: [Reason] {
    guard let runtime = costs.profile.seenBy else { return [] }
    return [lock(runtime), starts(runtime), handOver(runtime), pickling(runtime)].compactMap(\.self)
  }

  private var computes: Bool { survey.sequential.map { $0.outcome.seconds(of: .compute) > 0.2 * $0.mean } ?? false }

  private func lock(_ runtime: RuntimeCosts) -> Reason? {
    guard runtime.holdsGIL else { return computes ? .noGIL : nil }
    guard computes else { return .gilReleasedByWaiting }
    let threads = survey.assessments.filter { $0.outcome.strategy == .threads && $0.outcome.workers > 1 }
    let best = chosen.strategy == .threads ? nil : threads.min { $0.mean < $1.mean }
    return .gil(
      threads: best.map { .init(threads: $0.outcome.workers, seconds: $0.mean) }, released: withoutLock(runtime))
  }

  /// What threads are worth to work that releases the lock.
  private func withoutLock(_ runtime: RuntimeCosts) -> Reason.ReleasedGIL? {
    guard let point = runtime.releasedSpeedups?.max(by: { $0.speedup.value < $1.speedup.value }),
      point.speedup.value > 1, let loop = survey.sequential
    else { return nil }
    let tasks = Double(job.stages.first?.count ?? 1)
    return .init(
      threads: point.workers, speedup: point.speedup.value, seconds: loop.mean / min(point.speedup.value, tasks))
  }

  private func starts(_ runtime: RuntimeCosts) -> Reason? {
    let workers = chosen.strategy == .processes ? chosen.workers : 2
    guard !runtime.pools.isEmpty else { return nil }
    return .poolStart(
      workers: workers,
      methods: runtime.pools.map {
        .init(name: $0.method, seconds: $0.first.value + Double(workers) * $0.perWorker.value)
      }, threadSeconds: runtime[.threadStart]?.value)
  }

  private func handOver(_ runtime: RuntimeCosts) -> Reason? {
    guard let chunk = runtime[.poolChunk], let hop = runtime[.threadHop], let task = runtime[.loopTask] else {
      return nil
    }
    return .handOver(
      poolChunkSeconds: chunk.value, threadTaskSeconds: hop.value, loopTaskSeconds: task.value)
  }

  private func pickling(_ runtime: RuntimeCosts) -> Reason? {
    let bytes = job.stages.reduce(0) { $0 + ($1.inputBytes ?? 0) + ($1.outputBytes ?? 0) }
    guard bytes > 0, let each = runtime[.pickling] else { return nil }
    return .pickling(bytes: bytes, seconds: bytes * each.value)
  }

  var runtimeCaveats: [Caveat] {
    guard let runtime = costs.profile.seenBy, chosen.strategy == .processes, let pool = runtime.cheapestPool,
      pool.method == "fork"
    else { return [] }
    return [.forkAfterThreads]
  }
}
