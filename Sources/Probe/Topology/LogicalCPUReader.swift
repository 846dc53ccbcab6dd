import AdvisorCore

/// Says of each online CPU where it sits and how fast it is.
struct LogicalCPUReader {
  let files: any FileTree
  let topology: CPUTopology
  let nodes: [Machine.NUMANode]

  func cpus(_ online: CPUSet) -> [Machine.LogicalCPU] {
    let capacities = capacities(online)
    let fastest = capacities.values.max() ?? 1
    var homes: [Int: Int] = [:]
    for node in nodes {
      for cpu in node.cpus where homes[cpu] == nil { homes[cpu] = node.id }
    }
    return online.map { cpu in
      let core = topology.cores?[cpu]
      return Machine.LogicalCPU(
        id: cpu, core: core?.number, package: topology.packages?[cpu]?.number, die: topology.dies?[cpu]?.number,
        cluster: topology.clusters?[cpu]?.number, node: homes[cpu], siblings: core?.cpus,
        capacity: capacities[cpu].map { Double($0) / Double(fastest) } ?? 1)
    }
  }

  /// `cpu_capacity`, 1024 for the fastest CPU (Documentation/scheduler/sched-capacity.rst); the kernel makes the file for
  /// every CPU or for none.
  private func capacities(_ online: CPUSet) -> [Int: Int] {
    var capacities: [Int: Int] = [:]
    for cpu in online {
      guard let capacity = files.integer("\(PresentCPUs.folder)/cpu\(cpu)/cpu_capacity"), capacity > 0 else { break }
      capacities[cpu] = capacity
    }
    return capacities
  }
}
