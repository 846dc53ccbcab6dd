extension MachineProfile {
  /// Speedups of a kernel with at most one worker a CPU: beyond that workers take turns, of which no law of scaling speaks.
  public func speedupsWithinCPUs(of kernel: Kernel) -> [SpeedupPoint] {
    let cpus = max(1, machine.usable.effectiveCPUs.rounded(.up))
    return variableCosts.speedups.filter { $0.kernel == kernel && Double($0.workers) <= cpus }
  }
}
