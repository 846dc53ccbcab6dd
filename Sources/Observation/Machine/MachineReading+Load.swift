import AdvisorCore
import Probe
import System

/// Who else uses the CPUs.
extension MachineReading {
  var loadFindings: [MachineFinding] {
    [stealFinding, otherFinding, siblingFinding, neighbourFinding].compactMap(\.self)
      + Pressure.Resource.allCases.flatMap { resource in
        Pressure.Scope.allCases.compactMap { pressureFinding(resource, $0) }
      }
  }

  /// What CPUs did meanwhile; those that both readings tell of.
  private func times(of cpus: CPUSet) -> [(cpu: Int, time: CPUTime)] {
    cpus.compactMap { cpu in
      guard let start = before.cpus?[cpu], let end = after.cpus?[cpu] else { return nil }
      let time = end.since(start)
      return time.total > 0 ? (cpu, time) : nil
    }
  }

  /// Of the time in which the CPUs had work. A tick is the smallest there is, so that fewer than three say nothing.
  private var stealFinding: MachineFinding? {
    let times = times(of: machine.cpus.usable).map(\.time)
    let stolen = times.reduce(0) { $0 + $1.stolen }
    let wanted = times.reduce(stolen) { $0 + $1.busy }
    guard stolen >= 3 else { return nil }
    let (part, whole) = (Double(stolen), Double(wanted))
    return MachineFinding(
      .steal(share: part / whole), Loss((part - 1) / whole...min(1, (part + 1) / whole), .measured))
  }

  /// With one other thread on a CPU, ours has what that leaves, but at least half; with more, less. What runs at low priority
  /// makes way.
  private var otherFinding: MachineFinding? {
    let times = times(of: machine.cpus.usable).map(\.time)
    guard !times.isEmpty else { return nil }
    let count = Double(times.count)
    let perCPU = times.reduce(0.0) { $0 + Double($1.total) } / count
    let own = Double(ownTicks) / (count * perCPU)
    let shares = times.map { max(0, Double($0.busy) / Double($0.total) - own) }
    let polite = times.map { Double($0.niced) / Double($0.total) }
    let all = shares.reduce(0, +) / count
    let certain = zip(shares, polite).reduce(0) { $0 + min(0.5, max(0, $1.0 - $1.1)) } / count
    guard all >= MachineFindings.minLoss else { return nil }
    let programs = busyPrograms(ticksPerCPU: perCPU)
    let named = programs.reduce(0) { $0 + $1.cpus } / count
    return MachineFinding(
      .otherProcesses(
        share: all, programs: Array(programs.prefix(5)), unnamedShare: max(0, all - named)),
      Loss(min(certain, all)...all, .measured))
  }

  /// What our own tree used: this process, those that it started and those that started it.
  private var ownTicks: Int {
    ownTree.reduce(0) { $0 + (ticks(of: $1) ?? 0) }
  }

  private var ownTree: Set<Int> {
    guard let own = surroundings.processID else { return [] }
    var tree: Set = [own]
    var next = after.processes[own]?.parent
    while let id = next.map(Int.init), id > 0, tree.insert(id).inserted { next = after.processes[id]?.parent }
    // A child's number may be lower than its parent's.
    var children = [own]
    while let id = children.popLast() {
      for (child, stat) in after.processes where Int(stat.parent) == id && tree.insert(child).inserted {
        children.append(child)
      }
    }
    return tree
  }

  /// Clock ticks of a process that is there in the second reading.
  private func ticks(of id: Int) -> Int? {
    guard let end = after.processes[id] else { return nil }
    guard let start = before.processes[id], start.startTicks == end.startTicks else { return end.ticks }
    return max(0, end.ticks &- start.ticks)
  }

  /// The busiest first.
  private func busyPrograms(ticksPerCPU: Double) -> [BusyProgram] {
    let own = ownTree
    let busy = after.processes.compactMap { id, stat -> (id: Int, name: String, ticks: Int)? in
      guard !own.contains(id), let ticks = ticks(of: id), ticks > 0 else { return nil }
      return (id, stat.name, ticks)
    }.sorted { ($0.ticks, $1.id) > ($1.ticks, $0.id) }
    let programs = Dictionary(grouping: busy, by: \.name).map { name, processes in
      BusyProgram(
        name: name, cpus: Double(processes.reduce(0) { $0 + $1.ticks }) / ticksPerCPU, processes: processes.count,
        ids: processes.prefix(8).map(\.id))
    }
    return programs.sorted { ($0.cpus, $1.name) > ($1.cpus, $0.name) }
  }

  /// Hardware threads of our cores on which we may not run.
  private var siblingFinding: MachineFinding? {
    let usable = machine.cpus.usable
    let cores = machine.topology.filter { usable.contains($0.id) }
    let foreign = cores.reduce(CPUSet()) { $0.union($1.siblings) }.subtracting(usable)
    let busy = Dictionary(
      times(of: foreign).map { ($0.cpu, Double($0.time.busy) / Double($0.time.total)) }, uniquingKeysWith: { $1 })
    let share =
      cores.reduce(0.0) { sum, core in sum + (core.siblings.compactMap { busy[$0] }.max() ?? 0) }
      / Double(max(1, cores.count))
    guard share > 0 else { return nil }
    return MachineFinding(
      .busySiblings(cpus: foreign, share: share), .atMost(share * DocumentedLoss.besideBusySibling, .documented))
  }

  /// The probe's own spread stays within what a calibration takes for undisturbed.
  private static let quietRatio = 1.05

  private var neighbourFinding: MachineFinding? {
    guard let ratio = surroundings.neighbourRatio, ratio > Self.quietRatio else { return nil }
    return MachineFinding(.neighbour(ratio: ratio), .atMost(1 - 1 / ratio, .measured))
  }

  /// What stops all tasks costs that time for certain; what stops some may stop ours.
  private func pressureFinding(_ resource: Pressure.Resource, _ scope: Pressure.Scope) -> MachineFinding? {
    let key = MachineCounters.PressureKey(resource: resource, scope: scope)
    guard let start = before.pressures[key], let end = after.pressures[key] else { return nil }
    let some = min(1, max(0, end.some - start.some) / seconds)
    let full = start.full.flatMap { first in end.full.map { min(some, max(0, $0 - first) / seconds) } }
    let isOfCgroup = scope == .cgroup
    let cause: MachineCause =
      switch resource {
      case .cpu: .cpuPressure(some: some, full: full, ofCgroup: isOfCgroup)
      case .memory: .memoryPressure(some: some, full: full, ofCgroup: isOfCgroup)
      case .io: .ioPressure(some: some, full: full, ofCgroup: isOfCgroup)
      }
    return MachineFinding(cause, Loss((full ?? 0)...some, .measured))
  }
}
