import AdvisorCore

/// What engines outside this machine would make of the job, and from what size of job on they pay.
extension Reasons {
  var engines: [String] {
    guard goal.usesEngines else { return [] }
    return costs.profile.engines.flatMap { engine in
      [verdict(on: engine), breakEven(of: engine)].compactMap(\.self)
    }
  }

  private func verdict(on engine: EngineCosts) -> String? {
    let all = [decision.chosen] + decision.others
    guard let remote = all.first(where: { $0.outcome.engine == engine.name }),
      let local = all.first(where: { $0.outcome.engine == nil })
    else { return nil }
    let (there, here) = (Quantity.text(seconds: remote.p50), Quantity.text(seconds: local.p50))
    let opening =
      remote.p50 < local.p50
      ? "\(engine.name.capitalisedFirst) would do it in \(there), this machine alone in \(here)"
      : "Stay on one machine: \(engine.name) with \(remote.outcome.workers) slots would take \(there), not \(here)"
    let parts = remote.outcome.parts.filter { $0.seconds >= 0.02 * remote.outcome.seconds }
      .sorted { $0.seconds > $1.seconds }
      .map { "\($0.name.rawValue) \(Quantity.text(seconds: $0.seconds))" }
    let tasks = job.stages[0].count
    let idle = tasks < engine.slots ? "; \(tasks) of the \(engine.slots) slots would have work" : ""
    return "\(opening): \(parts.joined(separator: ", "))\(idle)."
  }

  /// From what size of job on the engine is faster than this machine, by count of tasks and by work in each.
  private func breakEven(of engine: EngineCosts) -> String? {
    let count = threshold(engine) { job.scaled(count: $0) }
    let work = threshold(engine) { job.scaled(work: $0) }
    let tasks = Double(job.stages[0].count)
    let byCount = count.map { "from about \(Quantity.significant((tasks * $0).rounded(.up))) such tasks on" }
    let cpu = (try? TaskDemand(job.stages, costs))?.computeSeconds ?? 0
    let byWork = work.map { "from about \(Quantity.text(seconds: cpu * $0)) of computing in each of them on" }
    switch (byCount, byWork) {
    case (nil, nil): return "No size of such a job would pay on \(engine.name)."
    case (let count?, nil): return "\(engine.name.capitalisedFirst) pays \(count)."
    case (nil, let work?):
      return "However many such tasks there are, \(engine.name) would not pay; with the same data it would "
        + "\(work) (here \(Quantity.text(seconds: cpu)))."
    case (let count?, let work?): return "\(engine.name.capitalisedFirst) pays \(count), or \(work)."
    }
  }

  /// The factor from which on the engine is faster; nil where none up to ten million is.
  private func threshold(_ engine: EngineCosts, _ scaled: (Double) -> Job?) -> Double? {
    func pays(_ factor: Double) -> Bool {
      guard let job = scaled(factor), let (here, there) = seconds(job, engine) else { return false }
      return there < here
    }
    var (low, high) = (1e-3, 1e7)
    guard pays(high) else { return nil }
    guard !pays(low) else { return low }
    // On the scale of the logarithm, to 3 %.
    for _ in 0..<10 + 18 where high / low > 1.03 {
      let middle = (low * high).squareRoot()
      if pays(middle) { high = middle } else { low = middle }
    }
    return high
  }

  private func seconds(_ job: Job, _ engine: EngineCosts) -> (here: Double, there: Double)? {
    var alone = goal
    alone.usesEngines = false
    guard let here = try? Shortlist(job, alone, costs, simulating: false).outcomes.first?.seconds,
      let demand = try? TaskDemand(job.stages, costs),
      let pool = try? EnginePool(engine, job, demand, costs, maxWorkers: goal.maxWorkers)
    else { return nil }
    return (here, pool.outcome(sizes: SizeCache(), simulating: false).seconds)
  }
}

extension Job {
  /// So many times the tasks; nil where there is none left, or more than can be counted.
  fileprivate func scaled(count factor: Double) -> Job? {
    var job = self
    for index in job.stages.indices {
      let count = Double(job.stages[index].count) * factor
      guard count >= 1, count < 1e12 else { return nil }
      job.stages[index].count = Int(count.rounded())
    }
    return job
  }

  /// So many times the computing and waiting in each task; nil where there is none of it.
  fileprivate func scaled(work factor: Double) -> Job? {
    var job = self
    var isScaled = false
    for index in job.stages.indices {
      switch job.stages[index].size {
      case .units(let units): job.stages[index].size = .units(units * factor)
      case .seconds(let seconds): job.stages[index].size = .seconds(seconds * factor)
      case .bytes: continue
      }
      isScaled = true
    }
    return isScaled ? job : nil
  }
}
