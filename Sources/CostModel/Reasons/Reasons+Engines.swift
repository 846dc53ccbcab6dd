import AdvisorCore

/// What engines outside this machine would make of the job, and from what size of job on they pay.
extension Reasons {
  var engines: [Reason] {
    guard goal.usesEngines else { return [] }
    return costs.profile.engines.flatMap { engine in
      [verdict(on: engine), breakEven(of: engine)].compactMap(\.self)
    }
  }

  private func verdict(on engine: EngineCosts) -> Reason? {
    let all = [decision.chosen] + decision.others
    guard let remote = all.first(where: { $0.outcome.engine == engine.name }),
      let local = all.first(where: { $0.outcome.engine == nil })
    else { return nil }
    let parts = remote.outcome.parts.filter { $0.seconds >= 0.02 * remote.outcome.seconds }
      .sorted { $0.seconds > $1.seconds }
      .map { Prediction.Part(name: $0.name.rawValue, seconds: $0.seconds) }
    return .engine(
      plan: remote.outcome.plan, seconds: remote.p50, localSeconds: local.p50, tasks: job.stages[0].count, parts: parts)
  }

  /// From what size of job on the engine is faster than this machine, by count of tasks and by work in each.
  private func breakEven(of engine: EngineCosts) -> Reason {
    let work = (try? TaskDemand(job.stages, costs))?.computeSeconds ?? 0
    let tasks = Double(job.stages[0].count)
    return .engineBreakEven(
      engine: engine.name, tasks: threshold(engine) { job.scaled(count: $0) }.map { (tasks * $0).rounded(.up) },
      workSeconds: threshold(engine) { job.scaled(work: $0) }.map { work * $0 }, taskWorkSeconds: work)
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
  /// A multiple of the tasks; nil where there is none left, or more than can be counted.
  fileprivate func scaled(count factor: Double) -> Job? {
    var job = self
    for index in job.stages.indices {
      let count = Double(job.stages[index].count) * factor
      guard count >= 1, count < 1e12 else { return nil }
      job.stages[index].count = Int(count.rounded())
    }
    return job
  }

  /// A multiple of the computing and waiting in each task; nil where there is none of it.
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
