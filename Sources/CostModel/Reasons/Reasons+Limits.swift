import AdvisorCore

/// What keeps the chosen candidate from being faster.
extension Reasons {
  /// What binds, with the figure that shows it.
  var binding: Reason? {
    // What binds on an engine is in its own reason.
    guard chosen.engine == nil else { return nil }
    let seconds = decision.chosen.p50
    let candidates = survey.shortlist.candidates
    switch chosen.limit {
    case .cores: return cores
    case .quota:
      let source = costs.profile.machine.limits.sources["cpuQuota"]
      return .quota(cpus: costs.quota?.cpus ?? 0, source: source, throttledShare: share(of: .throttling))
    case .memoryBandwidth:
      return .memoryBandwidth(share: share(of: .memory), seconds: seconds, workers: chosen.workers)
    case .ioBandwidth: return .transfers(share: share(of: .transfer), seconds: seconds)
    case .disk: return .disk(share: share(of: .disk), seconds: seconds)
    case .latency: return .latency(share: share(of: .wait), seconds: seconds)
    case .tasks where job.stages[0].count == 1: return .oneTask(seconds: seconds)
    case .tasks: return .longestTask(tasks: job.stages[0].count, seconds: seconds)
    case .memory: return .memory(bytes: candidates.memoryLimit ?? 0, workers: chosen.workers)
    case .process: return .processLimit(limit: candidates.workerLimit(chosen.strategy))
    case .startUp where touchesMemory: return .firstTouch(share: share(of: .firstTouch), seconds: seconds)
    case .startUp: return .startUp(share: share(of: .start), seconds: seconds)
    case .dispatch: return .dispatch(share: share(of: .dispatch), seconds: seconds)
    }
  }

  private var cores: Reason {
    guard chosen.workers > 1 else {
      return .oneWorker(cpuSeconds: chosen.cpuSeconds, seconds: decision.chosen.p50)
    }
    let capacity = costs.capacity(for: job.stages.first { $0.kind == .cpu }?.kernel ?? .word)
    let cpus = capacity.logicalCPUs
    // Capacities count quiet cores; one worker, whose time the speedup is told of, has the others beside it too.
    return .cores(
      cpuSeconds: chosen.cpuSeconds, cpus: cpus, speedup: capacity.speedup(cpus) / capacity.speedup(1),
      freeShare: capacity.speedup(cpus) / capacity.quietSpeedup(cpus))
  }

  /// Whether it is their memory that workers wait for at the start.
  var touchesMemory: Bool { chosen.seconds(of: .firstTouch) > chosen.seconds(of: .start) }

  private func share(of name: Outcome.Part.Name) -> Double {
    chosen.seconds > 0 ? chosen.seconds(of: name) / chosen.seconds : 0
  }

  /// What twice the cores, or no quota, would make of it.
  var otherMachines: [Reason] {
    let cpus = costs.profile.machine.usable.logicalCPUs
    guard chosen.engine == nil else { return [] }
    switch chosen.limit {
    case .cores:
      return imagine(WhatIf(cpus: 2 * cpus)).map {
        [.moreCPUs(cpus: 2 * cpus, seconds: $0.seconds, plan: $0.plan)]
      } ?? []
    case .quota:
      return imagine(WhatIf(cpus: cpus)).map { [.withoutQuota(seconds: $0.seconds, plan: $0.plan)] } ?? []
    default: return []
    }
  }

  /// The fastest way on the other machine; nil where it gains next to nothing.
  private func imagine(_ whatIf: WhatIf) -> Outcome? {
    guard let profile = try? costs.profile.whatIf(whatIf), let other = try? CostBook(profile),
      let best = try? Shortlist(job, goal, other, simulating: false).outcomes.first(where: { $0.engine == nil }),
      best.seconds < 0.95 * chosen.seconds
    else { return nil }
    return best
  }

  /// The measurement that would settle a close call, where it is worth its time.
  ///
  /// Successive halving: the three best on a fiftieth of the tasks.
  var probe: Reason? {
    guard decision.confidence < 0.7, goal.objective == .time else { return nil }
    let rivals = ([decision.chosen] + decision.others).prefix(3)
    guard rivals.count > 1 else { return nil }
    let probes = rivals.map { $0.mean / 50 + $0.outcome.fixedSeconds }
    guard let longest = probes.max(), decision.chosen.mean > 20 * longest, job.stages[0].count >= 50 else { return nil }
    return .closeCall(confidence: decision.confidence, ways: rivals.count, trialSeconds: probes.reduce(0, +))
  }
}
