import AdvisorCore

/// A CPU quota: CPU time per period, after which the group waits for the next.
struct Quota: Sendable, Hashable {
  /// What the kernel takes when nothing else is said (`cpu.cfs_period_us`, sched-bwc in the kernel's documentation).
  static let defaultPeriod = 0.1

  /// CPUs' worth of time, above zero.
  var cpus: Double
  /// Seconds, above zero.
  var period: Double

  init(cpus: Double, period: Double = Quota.defaultPeriod) {
    self.cpus = cpus
    self.period = period
  }

  /// The quota of a machine; nil when there is none.
  init?(_ machine: Machine) {
    let cpus = machine.limits.cpuQuota ?? machine.usable.effectiveCPUs
    guard cpus > 0, cpus.isFinite, cpus < Double(machine.usable.logicalCPUs) else { return nil }
    let period = machine.limits.cpuPeriodSeconds ?? Self.defaultPeriod
    self.init(cpus: cpus, period: period > 0 && period.isFinite ? period : Self.defaultPeriod)
  }

  /// Wall time of divisible CPU work that uses a number of CPUs while it may, in a group that was idle before.
  ///
  /// docs/model.md, 1.3: a quota above the parallelism costs nothing; else k whole periods pass throttled and the rest runs
  /// at full speed, since the period starts when the idle group wakes.
  func wallTime(cpuSeconds: Double, parallelism: Double) -> Double {
    guard parallelism > cpus else { return cpuSeconds / parallelism }
    let whole = max(0, (cpuSeconds / (cpus * period)).rounded(.up) - 1)
    return whole * period + (cpuSeconds - whole * cpus * period) / parallelism
  }
}

extension CostBook {
  /// What the quota adds to work that would use more of the CPUs than it allows.
  func throttling(after parts: [Outcome.Part], cpuSeconds: Double, error: ErrorSource) -> [Outcome.Part] {
    let wall = parts.reduce(0) { $0 + $1.seconds }
    guard let quota, cpuSeconds / wall > quota.cpus else { return [] }
    let throttled = quota.wallTime(cpuSeconds: cpuSeconds, parallelism: cpuSeconds / wall)
    return [.init(name: .throttling, seconds: throttled - wall, isFixed: false, error: error)]
  }

  /// The shortest time in which a number of threads can use an amount of CPU time.
  func minSeconds(cpuSeconds: Double, threads: Int) -> Double {
    let parallelism = Double(max(1, min(threads, capacity(for: .word).logicalCPUs)))
    return quota?.wallTime(cpuSeconds: cpuSeconds, parallelism: parallelism) ?? cpuSeconds / parallelism
  }
}
