extension MachineProfile {
  /// The profile with the current limits on files, processes and mappings, which change from process to process. Quota and
  /// memory stay those of the measured machine.
  public func limited(by limits: Machine.Limits) -> MachineProfile {
    var profile = self
    profile.machine.limits.openFiles = limits.openFiles
    profile.machine.limits.pids = limits.pids
    profile.machine.limits.pidsInUse = limits.pidsInUse
    profile.machine.limits.mappings = limits.mappings
    profile.machine.limits.unknown = limits.unknown
    for name in ["openFiles", "pids", "mappings"] {
      profile.machine.limits.sources[name] = limits.sources[name]
    }
    return profile
  }

  /// Speedups of a kernel with at most one worker a CPU: beyond that workers take turns, of which no law of scaling speaks.
  public func speedupsWithinCPUs(of kernel: Kernel) -> [SpeedupPoint] {
    let cpus = max(1, machine.usable.effectiveCPUs.rounded(.up))
    return variableCosts.speedups.filter { $0.kernel == kernel && Double($0.workers) <= cpus }
  }
}
