extension Machine {
  /// A machine of the same kind with another number of logical CPUs and no CPU quota, for what-if questions.
  ///
  /// - Parameters:
  ///   - cpus: at least one; each core keeps as many hardware threads as it has here.
  ///   - numaNodes: between which cores and memory are shared out; from one to as many as CPUs.
  public func resized(cpus: Int, numaNodes: Int = 1) -> Machine {
    let threads = max(1, counts.threadsPerCore ?? 1)
    let cores = (cpus + threads - 1) / threads
    let ids = CPUSet(0..<cpus)
    var machine = self
    machine.topology = (0..<cpus).map { id in
      let core = id / threads
      let siblings = CPUSet((core * threads)..<min((core + 1) * threads, cpus))
      return LogicalCPU(id: id, core: core, package: 0, node: core * numaNodes / cores, siblings: siblings)
    }
    machine.cpus = CPUs(online: ids, allowed: ids, usable: ids)
    machine.counts.cores = cores
    machine.counts.logicalCPUs = cpus
    machine.counts.packages = 1
    machine.counts.numaNodes = numaNodes
    machine.numa = (0..<numaNodes).map { node in
      NUMANode(
        id: node, cpus: CPUSet(machine.topology.filter { $0.node == node }.map(\.id)),
        memoryBytes: usable.memoryBytes.map { $0 / numaNodes })
    }
    machine.limits.cpuQuota = nil
    machine.limits.forget(.cpuQuota)
    machine.usable = Usable(
      logicalCPUs: cpus, effectiveCPUs: Double(cpus), memoryBytes: usable.memoryBytes, sources: ["cpus": "what if"])
    return machine
  }
}
