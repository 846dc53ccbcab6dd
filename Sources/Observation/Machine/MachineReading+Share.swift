import AdvisorCore
import Probe

/// What of the CPUs may be used.
extension MachineReading {
  var shareFindings: [MachineFinding] { quotaFindings + cpuFindings }

  /// The quota that binds, and any above it that strikes first because other groups spend it too.
  private var quotaFindings: [MachineFinding] {
    let usable = Double(machine.usable.logicalCPUs)
    let tightest = setup.quotas.min { $0.cpus < $1.cpus }
    return setup.quotas.compactMap { quota in
      let throttled = throttledShare(of: quota)
      let isTight = quota == tightest && quota.cpus < usable
      guard isTight || throttled ?? 0 >= MachineFindings.minLoss else { return nil }
      let cause = MachineCause.cpuQuota(
        cpus: quota.cpus, usable: usable, throttledShare: throttled, file: quota.file)
      return MachineFinding(
        cause, isTight ? .exactly(1 - quota.cpus / usable) : .atMost(throttled ?? 0, .measured))
    }
  }

  /// Time refused as a share of what the group's tasks would have used with it: at most, for a task may have ended its work
  /// sooner than its turn came back. Where use is not counted, a group that is throttled uses its quota.
  private func throttledShare(of quota: CPUQuota) -> Double? {
    guard let start = before.quotas[quota], let end = after.quotas[quota], let first = start.throttledSeconds,
      let last = end.throttledSeconds
    else { return nil }
    let refused = max(0, last - first)
    let counted = start.usedSeconds.flatMap { used in end.usedSeconds.map { max(0, $0 - used) } }
    let used = counted ?? quota.cpus * seconds
    return refused > 0 ? refused / (refused + used) : 0
  }

  private var cpuFindings: [MachineFinding] { [cpusetFinding, isolatedFinding, offFinding].compactMap(\.self) }

  /// Where our threads may be, were they pinned there: the usable CPUs and the isolated ones.
  private var reachable: CPUSet {
    machine.cpus.usable.union(
      machine.cpus.allowed.intersection(machine.cpus.isolated).intersection(machine.cpus.online))
  }

  private var cpusetFinding: MachineFinding? {
    let online = machine.cpus.online
    guard reachable.count < online.count else { return nil }
    let file = machine.usable.sources["logicalCPUs"] ?? "/proc/self/status"
    return MachineFinding(
      .cpuset(usable: reachable, online: online, file: file),
      .exactly(1 - Double(reachable.count) / Double(online.count)))
  }

  private var isolatedFinding: MachineFinding? {
    let isolated = reachable.subtracting(machine.cpus.usable)
    guard !isolated.isEmpty else { return nil }
    return MachineFinding(
      .isolatedCPUs(isolated: isolated, usable: machine.cpus.usable.count),
      .exactly(Double(isolated.count) / Double(reachable.count)))
  }

  /// Hardware threads that are off by their own switch, or else any CPUs.
  private var offFinding: MachineFinding? {
    if let control = setup.smtControl, ["off", "forceoff"].contains(control) {
      return MachineFinding(.smtOff(control: control), .atMost(DocumentedLoss.withoutSMT, .documented))
    }
    let (offline, online) = (machine.cpus.offline, machine.cpus.online.count)
    guard !offline.isEmpty else { return nil }
    return MachineFinding(
      .offlineCPUs(offline: offline, online: online),
      .exactly(Double(offline.count) / Double(offline.count + online)))
  }
}
