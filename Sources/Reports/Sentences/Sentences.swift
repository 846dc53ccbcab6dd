import AdvisorCore

/// The sentences of reasons and caveats: the only place that makes them.
public struct Sentences: Sendable {
  let strategies: StrategyText
  /// Of prices; empty where it is not known.
  let currency: String

  public init(strategies: StrategyText = StrategyText(), currency: String = "") {
    self.strategies = strategies
    self.currency = currency
  }

  func text(_ reason: Reason) -> String {
    switch reason {
    case .cores(let cpuSeconds, let cpus, let speedup, let share): cores(cpuSeconds, cpus, speedup, freeShare: share)
    case .oneWorker(let cpuSeconds, let seconds): oneWorker(cpuSeconds, seconds)
    case .quota(let cpus, let source, let share): quota(cpus, source, share)
    case .memoryBandwidth(let share, let seconds, let workers): memoryBandwidth(share, seconds, workers)
    case .transfers(let share, let seconds): transfers(share, seconds)
    case .disk(let share, let seconds): "Disk-bound: reading takes \(part(share, seconds))."
    case .latency(let share, let seconds): latency(share, seconds)
    case .oneTask(let seconds): "Only one task: it takes \(time(seconds)) however it is run."
    case .longestTask(let tasks, let seconds): longestTask(tasks, seconds)
    case .memory(let bytes, let workers): memory(bytes, workers)
    case .processLimit(let limit): processLimit(limit)
    case .firstTouch(let share, let seconds): firstTouch(share, seconds)
    case .startUp(let share, let seconds): "Bound by start-up: starting the workers takes \(part(share, seconds))."
    case .dispatch(let share, let seconds): "Bound by dispatch: handing out tasks takes \(part(share, seconds))."
    case .equallyFast(let plan): equallyFast(plan)
    case .worseForObjective(let plan, let objective): worseForObjective(plan, objective)
    case .slower(let plan, let seconds, let share, let mostly): slower(plan, seconds, share, mostly)
    case .breakEven(let strategy, let tasks, let seconds, let processesSeconds, let taskSeconds):
      breakEven(strategy, tasks, seconds, processesSeconds, taskSeconds)
    case .enoughWorkers(let strategy, let workers, let fewer, let ratio): enough(strategy, workers, fewer, ratio)
    case .lateWorkers(let cpus, let seconds, let touchesMemory): lateWorkers(cpus, seconds, touchesMemory)
    case .moreCPUs(let cpus, let seconds, let plan): imagined("With \(count(cpus, "CPU"))", seconds, plan)
    case .withoutQuota(let seconds, let plan): imagined("Without the quota", seconds, plan)
    case .closeCall(let confidence, let ways, let seconds): closeCall(confidence, ways, seconds)
    case .engine(let plan, let seconds, let local, let tasks, let parts): engine(plan, seconds, local, tasks, parts)
    case .engineBreakEven(let engine, let tasks, let work, let own): engineBreakEven(engine, tasks, work, own)
    case .noGIL: "This build has no GIL: threads compute side by side."
    case .gilReleasedByWaiting: "A thread that waits holds no GIL: waiting overlaps in threads as in asyncio."
    case .gil(let threads, let released): gil(threads, released)
    case .poolStart(let workers, let methods, let thread): poolStart(workers, methods, thread)
    case .handOver(let chunk, let thread, let loop): handOver(chunk, thread, loop)
    case .pickling(let bytes, let seconds): pickling(bytes, seconds)
    }
  }

  func time(_ seconds: Double) -> String { Quantity.text(seconds: seconds) }

  func percent(_ share: Double) -> String { Quantity.text(share: share) }

  func times(_ ratio: Double) -> String { "\(Quantity.significant(ratio))×" }

  /// `82 % of the 101 ms`.
  func part(_ share: Double, _ seconds: Double) -> String { "\(percent(share)) of the \(time(seconds))" }

  /// `start 11.3 ms, compute 2 ms`.
  func list(_ parts: [Prediction.Part]) -> String {
    parts.map { "\($0.name) \(time($0.seconds))" }.joined(separator: ", ")
  }
}
