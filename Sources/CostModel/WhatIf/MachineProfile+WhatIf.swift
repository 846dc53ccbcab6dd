public import AdvisorCore

extension MachineProfile {
  /// The profile of the machine that would be there: costs as measured, resources as imagined.
  ///
  /// Cores stay as fast and hyperthreads as fruitful as they were. What was not measured is presumed and named in
  /// `quality`: speedups stay as efficient, and memory bandwidth grows with the CPUs.
  /// - Throws: `.usage` for more NUMA nodes than CPUs, or no CPU.
  public func whatIf(_ whatIf: WhatIf) throws(AdvisorError) -> MachineProfile {
    let cpus = whatIf.cpus ?? max(machine.cpus.usable.count, machine.usable.logicalCPUs)
    let nodes = whatIf.numaNodes ?? min(cpus, max(1, machine.counts.numaNodes))
    guard cpus >= 1, nodes >= 1, nodes <= cpus else {
      throw AdvisorError(
        .usage, "a machine of \(count(cpus, "CPU")) on \(count(nodes, "NUMA node")) cannot be",
        advice: "give each node at least one CPU")
    }
    var profile = withoutQuotaInFigures
    profile.fingerprint += " what-if \(whatIf)"
    if whatIf.cpus != nil || whatIf.numaNodes != nil {
      profile.rebuild(cpus: cpus, nodes: nodes)
      profile.quality.append(.imagined(cpus: cpus, numaNodes: nodes))
    }
    if let quota = whatIf.quota { profile.machine.limit(to: quota) }
    if let memory = whatIf.memoryBytes {
      profile.machine.usable.memoryBytes = Int(min(memory, 1e18))
      profile.machine.limits.forget(.memoryBytes)
    }
    return profile
  }

  private mutating func rebuild(cpus: Int, nodes: Int) {
    let before = max(1, machine.usable.logicalCPUs)
    let nodesBefore = max(1, machine.counts.numaNodes)
    let here = machine
    machine = here.resized(cpus: cpus, numaNodes: nodes)
    variableCosts.speedups = Kernel.allCases.flatMap { kernel in
      let measured = variableCosts.speedups.filter { $0.kernel == kernel }
      return Self.speedups(measured, from: here, to: machine)
    }
    // Threads that ask are bound by the CPUs that were there; the rates of one loop are a safe figure for any number.
    if cpus != before { variableCosts.httpThreads = nil }
    noise.otherBusyShare = min(1, noise.otherBusyShare * Double(before) / Double(cpus))
    let perNode = max(1, cpus / nodes)
    let growth = Double(perNode) / Double(max(1, before / nodesBefore))
    variableCosts.memoryBandwidth = Self.bandwidth(variableCosts.memoryBandwidth, threads: perNode, growth: growth)
    variableCosts.firstTouch = variableCosts.firstTouch.map { Self.bandwidth($0, threads: perNode, growth: growth) }
    variableCosts.restedTouch = variableCosts.restedTouch.map { Self.bandwidth($0, threads: perNode, growth: growth) }
  }

  private static func bandwidth(_ measured: [BandwidthPoint], threads: Int, growth: Double) -> [BandwidthPoint] {
    let local = measured.filter { $0.cpuNode == $0.memoryNode }
    guard let full = local.max(by: { $0.threads < $1.threads }) else { return measured }
    let kept = local.filter { $0.threads < min(threads, full.threads) || threads <= $0.threads }
    return growth > 1 ? kept + [full.scaled(threads: threads, by: growth)] : kept
  }
}

extension MachineProfile {
  /// What was measured of one thread a core stays; the yield of all hardware threads moves to where the new machine has them.
  private static func speedups(_ measured: [SpeedupPoint], from here: Machine, to there: Machine) -> [SpeedupPoint] {
    let before = Capacity(machine: here, speedups: measured)
    let after = Capacity(machine: there, speedups: [])
    var points = measured.filter { $0.workers <= min(before.cores, after.cores) }
    guard before.cores < before.logicalCPUs, after.cores < after.logicalCPUs,
      let full = measured.last(where: { $0.workers >= before.logicalCPUs })
    else { return points }
    let growth = Double(after.cores) / Double(before.cores)
    points.append(full.scaled(workers: after.cores, to: growth * before.speedup(before.cores)))
    points.append(full.scaled(workers: after.logicalCPUs, to: growth * before.speedup(before.logicalCPUs)))
    return points
  }
}

extension SpeedupPoint {
  fileprivate func scaled(workers: Int, to value: Double) -> SpeedupPoint {
    SpeedupPoint(kernel: kernel, workers: workers, speedup: speedup.scaled(by: value / speedup.value))
  }
}

extension BandwidthPoint {
  fileprivate func scaled(threads: Int, by growth: Double) -> BandwidthPoint {
    BandwidthPoint(
      threads: threads, cpuNode: cpuNode, memoryNode: memoryNode, bytesPerSecond: bytesPerSecond.scaled(by: growth))
  }
}

extension Machine {
  fileprivate mutating func limit(to quota: Double) {
    limits.cpuQuota = quota
    limits.forget(.cpuQuota)
    usable.effectiveCPUs = min(Double(usable.logicalCPUs), quota)
  }
}
