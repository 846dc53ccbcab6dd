extension Machine {
  /// A machine of the same kind with so many cores and no CPU quota, for questions of what if.
  ///
  /// - Parameter cpus: logical CPUs, at least one; each hardware thread keeps the share of a core it has here.
  public func resized(cpus: Int) -> Machine {
    let threads = max(1, counts.threadsPerCore ?? 1)
    let ids = CPUSet(0..<cpus)
    var machine = self
    machine.topology = (0..<cpus).map { id in
      let core = id / threads
      let siblings = CPUSet((core * threads)..<min((core + 1) * threads, cpus))
      return LogicalCPU(id: id, core: core, package: 0, node: 0, siblings: siblings)
    }
    machine.cpus = CPUs(online: ids, allowed: ids, usable: ids)
    machine.counts.cores = (cpus + threads - 1) / threads
    machine.counts.logicalCPUs = cpus
    machine.counts.packages = 1
    machine.counts.numaNodes = 1
    machine.numa = [NUMANode(id: 0, cpus: ids, memoryBytes: usable.memoryBytes)]
    machine.limits.cpuQuota = nil
    machine.usable = Usable(
      logicalCPUs: cpus, effectiveCPUs: Double(cpus), memoryBytes: usable.memoryBytes, sources: ["cpus": "what if"])
    return machine
  }
}
