import AdvisorCore

/// Predicts a job on an engine outside this machine (docs/model.md, 5.3): its start, the handing out of tasks one
/// after the other, the makespan over its slots, and the data that must travel.
struct EnginePool {
  let engine: EngineCosts
  private let demand: TaskDemand
  private let job: Job
  private let slots: Int
  /// A worker's time for the same work over this machine's.
  private let slowness: Cost?
  private var tasks: Int { job.stages[0].count }

  /// - Throws: `.badData` where the job is of a kind whose costs on other machines nobody knows, or the engine's costs
  ///   lack one that it needs.
  init(
    _ engine: EngineCosts, _ job: Job, _ demand: TaskDemand, _ costs: CostBook, maxWorkers: Int?
  ) throws(AdvisorError) {
    self.engine = engine
    self.job = job
    self.demand = demand
    slowness = Self.slowness(of: engine, costs.profile)
    slots = min(engine.slots, maxWorkers ?? .max)
    guard slots >= 1 else { throw unknown("it has no workers") }
    guard demand.memoryBytesStreamed == 0, demand.diskBytes == 0 else {
      throw unknown("the memory and the disks of its workers were not measured")
    }
    guard demand.httpBytes == nil || engine.sourceBytesPerSecond != nil else {
      throw unknown("its workers' rate to the data source was not measured")
    }
  }

  /// By the reference kernel; nil where the workers were not timed.
  private static func slowness(of engine: EngineCosts, _ profile: MachineProfile) -> Cost? {
    let there = engine.workers.compactMap { worker in worker.probe?.secondsPerUnit.map { ($0, worker.slots) } }
    guard let here = profile.kernel(.word)?.secondsPerUnit.value, here > 0, let first = there.first else { return nil }
    let slots = Double(there.reduce(0) { $0 + $1.1 })
    func mean(_ figure: (Estimate) -> Double) -> Double {
      there.reduce(0) { $0 + figure($1.0) * Double($1.1) } / slots / here
    }
    let ratio = Estimate(
      value: mean(\.value), low: mean(\.low), high: mean(\.high), samples: first.0.samples, unit: .ratio)
    return Cost(value: ratio.value, error: ErrorSource("\(engine.name) speed", ratio))
  }

  private func unknown(_ why: String) -> AdvisorError {
    AdvisorError(
      .badData, "\(engine.name) cannot be predicted: \(why)",
      advice: "measure it with `advisor calibrate --engine \(engine.engine)`")
  }

  func outcome(sizes: SizeCache, simulating: Bool) -> Outcome {
    let chunks = (tasks + chunk - 1) / chunk
    let used = min(slots, chunks)
    let each = Double(tasks) / Double(chunks)
    let makespan = sizes.makespan(
      tasks: chunks, workers: used, capacity: Double(used), scv: demand.spread * demand.spread / each,
      simulating: simulating
    ).scaled(by: each * taskSeconds)
    var parts = work(rounds: Double(tasks) / Double(used))
    let even = parts.reduce(0) { $0 + $1.seconds }
    let main = parts.max { $0.seconds < $1.seconds }?.error ?? .exact
    parts.append(part(.unevenFinish, max(0, makespan.mean - even), main))
    parts += fixed(chunks: chunks)
    parts.removeAll { $0.seconds <= 0 }
    return Outcome(
      strategy: .processes, engine: engine.name, workers: slots, chunk: chunk, parts: parts,
      cpuSeconds: Double(tasks) * computeSeconds, memoryBytes: Double(used) * demand.residentBytes,
      limit: limit(of: parts), makespanSpread: makespan.makespanSpread, isGuess: !makespan.isReliable)
  }

  /// Tasks per chunk: enough that at most a tenth of a worker's time is overhead, but four chunks and more for each slot.
  private var chunk: Int {
    let overhead = engine.taskSeconds.value + engine.submissionSeconds.value
    let wanted = (10 * overhead / max(taskSeconds, 1e-9)).rounded(.up)
    return Int(max(1, min(wanted, Double(tasks / (4 * slots)))))
  }

  /// Of one item on its way through all stages, on a worker.
  private var taskSeconds: Double { work(rounds: 1).reduce(0) { $0 + $1.seconds } }

  private func work(rounds: Double) -> [Outcome.Part] {
    let source = engine.sourceBytesPerSecond
    let download = (demand.httpBytes ?? 0) / max(source?.value ?? 1, 1e-9)
    return [
      part(.compute, rounds * computeSeconds, slowness?.error ?? demand.computeError),
      part(.wait, rounds * demand.waitSeconds, .exact),
      part(.transfer, rounds * download, error("rate to the source", source)),
      part(.shipping, rounds * shipping, error("worker to worker", engine.workerBytesPerSecond)),
    ]
  }

  private var computeSeconds: Double { demand.computeSeconds * (slowness?.value ?? 1) }

  /// What an item's body takes from worker to worker, between its stages.
  private var shipping: Double {
    guard engine.shipsBodies, job.stages.count > 1, let rate = engine.workerBytesPerSecond else { return 0 }
    return Double(job.stages.count - 1) * (demand.httpBytes ?? 0) / max(rate.value, 1e-9)
  }

  private func fixed(chunks: Int) -> [Outcome.Part] {
    let start = engine.readySeconds.value + engine.firstTaskSeconds.value
    let calls = Double(chunks * (engine.shipsBodies ? job.stages.count : 1))
    let used = Double(min(slots, chunks))
    let onWorkers =
      (calls / used).rounded(.up) * engine.taskSeconds.value
      + Double(tasks - chunks) / used * (engine.itemSeconds?.value ?? 0)
    var parts = [
      part(.start, start, error("start", engine.readySeconds)),
      part(
        .dispatch, calls * engine.submissionSeconds.value + onWorkers, error("submission", engine.submissionSeconds)),
    ]
    for (bytes, rate, name) in [
      (job.stages.reduce(0) { $0 + ($1.inputBytes ?? 0) }, engine.uploadBytesPerSecond, "upload"),
      (job.stages.reduce(0) { $0 + ($1.outputBytes ?? 0) }, engine.downloadBytesPerSecond, "download"),
    ] where bytes > 0 {
      guard let rate, rate.value > 0 else { continue }
      parts.append(part(.dataInAndOut, Double(tasks) * bytes / rate.value, error(name, rate)))
    }
    return parts.map { part in
      var part = part
      part.isFixed = true
      return part
    }
  }

  private func part(_ name: Outcome.Part.Name, _ seconds: Double, _ error: ErrorSource) -> Outcome.Part {
    .init(name: name, seconds: seconds, isFixed: false, error: error)
  }

  private func error(_ name: String, _ estimate: Estimate?) -> ErrorSource {
    estimate.map { ErrorSource("\(engine.name) \(name)", $0) } ?? .exact
  }

  private func limit(of parts: [Outcome.Part]) -> BindingLimit {
    switch parts.filter({ $0.name != .unevenFinish }).max(by: { $0.seconds < $1.seconds })?.name {
    case .start: .startUp
    case .dispatch: .dispatch
    case .transfer, .shipping, .dataInAndOut: .ioBandwidth
    default: tasks <= slots ? .tasks : .cores
    }
  }
}
