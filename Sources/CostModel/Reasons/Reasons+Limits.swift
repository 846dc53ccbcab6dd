import AdvisorCore

/// What keeps the chosen candidate from being faster.
extension Reasons {
  /// What binds, with the figure that shows it.
  var binding: String? {
    // What binds on an engine is in its own sentence.
    guard chosen.engine == nil else { return nil }
    let seconds = Quantity.text(seconds: decision.chosen.p50)
    switch chosen.limit {
    case .cores: return cores
    case .quota: return quota
    case .memoryBandwidth:
      return "Memory bandwidth binds: \(share(of: .memory)) of the \(seconds) go to streaming, and more threads than "
        + "\(chosen.workers) add next to nothing."
    case .ioBandwidth:
      return
        "The transfers bind: they take \(share(of: .transfer)) of the \(seconds), and more in flight share the same rate."
    case .disk: return "The disk binds: reading takes \(share(of: .disk)) of the \(seconds)."
    case .latency:
      return "Waiting binds: \(share(of: .wait)) of the \(seconds) are latency, which only more in flight would hide."
    case .tasks where job.stages[0].count == 1: return "There is one task, which takes \(seconds) however it is run."
    case .tasks:
      return
        "The tasks bind: there are \(job.stages[0].count), all are under way at once, and the longest of them takes "
        + "nearly all of the \(seconds)."
    case .memory:
      return
        "Memory binds: \(Quantity.text(bytes: survey.shortlist.candidates.memoryLimit ?? 0)) may be used, which is room "
        + "for \(chosen.workers) at a time."
    case .process:
      return
        "\(survey.shortlist.candidates.workerLimit(chosen.strategy).reason.capitalisedFirst) binds: it leaves room for "
        + "\(chosen.workers) at a time."
    case .startUp where touchesMemory:
      return "Start-up binds: \(share(of: .firstTouch)) of the \(seconds) pass while each worker maps its memory and "
        + "writes it for the first time."
    case .startUp:
      return "Start-up binds: \(share(of: .start)) of the \(seconds) pass until the workers are ready."
    case .dispatch: return "Handing out binds: it takes \(share(of: .dispatch)) of the \(seconds)."
    }
  }

  private var cores: String {
    let capacity = costs.capacity(for: job.stages.first { $0.kind == .cpu }?.kernel ?? .word)
    let cpu = Quantity.text(seconds: chosen.cpuSeconds)
    let speedup = Quantity.significant(capacity.speedup(capacity.logicalCPUs))
    let cpus = Self.count(capacity.logicalCPUs, "CPU")
    guard chosen.workers > 1 else {
      return "One worker does \(cpu) of CPU time in \(Quantity.text(seconds: decision.chosen.p50))."
    }
    return "The cores bind: the work is \(cpu) of CPU time, and \(cpus) do the work of \(speedup)."
  }

  private var quota: String {
    let quota = Quantity.significant(costs.quota?.cpus ?? 0)
    let file = costs.profile.machine.limits.sources["cpuQuota"].map { " (\($0))" } ?? ""
    return
      "The CPU quota of \(quota)\(file) binds: \(share(of: .throttling)) of the time the workers are throttled, and more "
      + "of them only use it up sooner."
  }

  /// Whether it is their memory that workers wait for at the start.
  var touchesMemory: Bool { chosen.seconds(of: .firstTouch) > chosen.seconds(of: .start) }

  private func share(of name: Outcome.Part.Name) -> String {
    Self.percent(chosen.seconds > 0 ? chosen.seconds(of: name) / chosen.seconds : 0)
  }

  /// What twice the cores, or no quota, would make of it.
  var otherMachines: [String] {
    var lines: [String] = []
    let cpus = costs.profile.machine.usable.logicalCPUs
    guard chosen.engine == nil else { return lines }
    if chosen.limit == .cores, let line = imagine(WhatIf(cpus: 2 * cpus), "With \(2 * cpus) CPUs") {
      lines.append(line)
    }
    if chosen.limit == .quota, let line = imagine(WhatIf(cpus: cpus), "Without the quota") { lines.append(line) }
    return lines
  }

  private func imagine(_ whatIf: WhatIf, _ opening: String) -> String? {
    guard let profile = try? costs.profile.whatIf(whatIf), let other = try? CostBook(profile),
      let best = try? Shortlist(job, goal, other, simulating: false).outcomes.first(where: { $0.engine == nil }),
      best.seconds < 0.95 * chosen.seconds
    else { return nil }
    return "\(opening) it would take about \(Quantity.text(seconds: best.seconds)), by \(name(of: best))."
  }

  /// The measurement that would settle a close call, where it is worth its time.
  ///
  /// Successive halving: the three best on a fiftieth of the tasks.
  var probe: String? {
    guard decision.confidence < 0.7, goal.objective == .time else { return nil }
    let rivals = ([decision.chosen] + decision.others).prefix(3)
    guard rivals.count > 1 else { return nil }
    let probes = rivals.map { $0.mean / 50 + $0.outcome.fixedSeconds }
    guard let longest = probes.max(), decision.chosen.mean > 20 * longest, job.stages[0].count >= 50 else { return nil }
    let cost = probes.reduce(0, +)
    return
      "The call is close (\(Self.percent(decision.confidence)) sure): trying the best \(rivals.count) on a fiftieth of the "
      + "tasks would settle it in about \(Quantity.text(seconds: cost))."
  }
}
