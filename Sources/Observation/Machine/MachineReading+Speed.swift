import AdvisorCore
import Probe

/// How fast the CPUs are.
extension MachineReading {
  var speedFindings: [MachineFinding] {
    governorFindings + capFindings + [turboFinding, heatFinding, mitigationFinding, clockFinding].compactMap(\.self)
  }

  /// The policies of usable CPUs.
  private var policies: [FrequencyPolicy] {
    (setup.frequencies ?? []).filter { !$0.cpus.isDisjoint(with: machine.cpus.usable) }
  }

  /// The share of the usable CPUs that are among these.
  private func part(_ cpus: CPUSet) -> Double {
    Double(cpus.intersection(machine.cpus.usable).count) / Double(max(1, machine.cpus.usable.count))
  }

  private static func cpus(of policies: [FrequencyPolicy]) -> CPUSet {
    policies.reduce(CPUSet()) { $0.union($1.cpus) }
  }

  /// One finding for each governor that holds CPUs back.
  private var governorFindings: [MachineFinding] {
    let groups = Dictionary(grouping: policies) { GovernorKind($0) }
      .sorted { ($0.value.first?.cpus.first ?? 0) < ($1.value.first?.cpus.first ?? 0) }
    return groups.compactMap { kind, policies in
      let cpus = Self.cpus(of: policies)
      guard let governor = kind.governor,
        let loss = policies.compactMap(\.governorLoss).max(by: { $1.isWorse(than: $0) })
      else { return nil }
      let cause = MachineCause.governor(
        name: governor, driver: kind.driver, preference: kind.preference, cpus: cpus)
      return MachineFinding(cause, Loss(loss.low * part(cpus)...loss.high * part(cpus), loss.basis))
    }
  }

  /// The lowest bound below what the hardware can do.
  private var capFindings: [MachineFinding] {
    let capped = policies.filter { policy in
      guard let allowed = policy.allowedMax, let all = policy.hardwareMax else { return false }
      return allowed < all
    }
    guard let worst = capped.min(by: { $0.allowedShare < $1.allowedShare }), let hertz = worst.allowedMax,
      let max = worst.hardwareMax
    else { return [] }
    // What waits for memory loses less.
    let lost = capped.reduce(0) { $0 + (1 - $1.allowedShare) * part($1.cpus) }
    let cause = MachineCause.frequencyCap(hertz: hertz, maxHertz: max, cpus: Self.cpus(of: capped))
    return [MachineFinding(cause, .atMost(lost, .computed))]
  }

  private var turboFinding: MachineFinding? {
    guard after.throttling.hasTurbo == false else { return nil }
    let isIntel = policies.contains { $0.driver == "intel_pstate" || $0.driver == "intel_cpufreq" }
    let cpu = "/sys/devices/system/cpu"
    let shares = policies.compactMap(\.sustainedShare)
    let file = isIntel ? "\(cpu)/intel_pstate/no_turbo" : "\(cpu)/cpufreq/boost"
    return MachineFinding(.turboOff(file: file), shares.min().map { .atMost(1 - $0, .computed) })
  }

  private var heatFinding: MachineFinding? {
    guard let first = before.throttling.thermalEvents, let last = after.throttling.thermalEvents, last > first else {
      return nil
    }
    var share: Double?
    if let start = before.throttling.thermalSeconds, let end = after.throttling.thermalSeconds {
      share = min(1, max(0, end - start) / (seconds * Double(max(1, machine.cpus.usable.count))))
    }
    return MachineFinding(
      .thermalThrottling(events: last - first, share: share), share.map { .atMost($0, .measured) })
  }

  private var mitigationFinding: MachineFinding? {
    let costly = (setup.vulnerabilities ?? [:]).filter { Mitigation.isCostly($0.value) }
    guard !costly.isEmpty else { return nil }
    let isIsolating = costly.values.contains { $0.contains("PTI") }
    let loss = isIsolating ? DocumentedLoss.withPageTableIsolation : DocumentedLoss.withMitigations
    return MachineFinding(.mitigations(names: costly.keys.sorted()), .atMost(loss, .documented))
  }

  /// Clocks that programs cannot read without a system call (arch/x86/entry/vdso has `tsc`, `pvclock` and Hyper-V's page).
  private static let slowClocks: Set = [
    "hpet", "acpi_pm", "xen", "pit", "jiffies", "refined-jiffies", "hyperv_clocksource_msr",
  ]

  private var clockFinding: MachineFinding? {
    guard let clock = setup.clockSource, Self.slowClocks.contains(clock) else { return nil }
    return MachineFinding(
      .clockSource(name: clock, readSeconds: surroundings.clockReadSeconds),
      .atMost(DocumentedLoss.slowClock, .documented))
  }
}

/// Policies that hold CPUs back alike.
private struct GovernorKind: Hashable {
  var governor: String?
  var driver: String?
  var preference: String?

  init(_ policy: FrequencyPolicy) {
    (governor, driver, preference) = (policy.governor, policy.driver, policy.preference)
  }
}

extension FrequencyPolicy {
  fileprivate var allowedShare: Double {
    guard let allowedMax, let hardwareMax, hardwareMax > 0 else { return 1 }
    return min(1, allowedMax / hardwareMax)
  }

  /// What the governor costs; nil for one that costs nothing, or that we do not know.
  fileprivate var governorLoss: Loss? {
    if isAutonomous {
      // Of the drivers' own words these put saving first.
      return ["power", "balance_power"].contains(preference ?? "")
        ? .atMost(DocumentedLoss.followingGovernor, .documented) : nil
    }
    switch governor {
    case "powersave": return hardwareMin.flatMap(fixedLoss)
    case "userspace": return fixed.flatMap(fixedLoss)
    case "ondemand", "conservative", "schedutil": return .atMost(DocumentedLoss.followingGovernor, .documented)
    default: return nil
    }
  }

  /// Code that waits for memory loses less.
  private func fixedLoss(_ hertz: Double) -> Loss? {
    hardwareMax.map { .atMost(1 - hertz / $0, .computed) }
  }
}

/// What the kernel does against an attack (Documentation/admin-guide/hw-vuln).
private enum Mitigation {
  /// Work at every entry to the kernel, or at every return from a call. Barriers at single places, retpolines and what the
  /// processor does itself (enhanced IBRS, microcode) cost ordinary work less than one per cent, and do not count.
  private static let costly: Set = [
    "PTI", "Clear CPU buffers", "Clear CPU buffers attempted, no microcode", "IBRS", "IBPB", "Stuffing",
    "untrained return thunk", "Safe RET", "Safe RET, no microcode",
  ]

  /// - Parameter text: `Mitigation: Clear CPU buffers; SMT vulnerable`; what is called vulnerable may be tried all the same.
  static func isCostly(_ text: String) -> Bool {
    let clause = text.split(separator: ";").first ?? ""
    let words = clause.split(separator: ": ", maxSplits: 1)
    return words.count == 2 && costly.contains(String(words[1]))
  }
}
