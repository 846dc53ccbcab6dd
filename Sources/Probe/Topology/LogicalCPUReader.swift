import AdvisorCore

/// Says of each online CPU where it sits and how fast it is.
struct LogicalCPUReader {
  let files: any FileTree
  let topology: CPUTopology
  let nodes: [Machine.NUMANode]

  func cpus(_ online: CPUSet) -> [Machine.LogicalCPU] {
    let capacities = capacities(online)
    let kinds = kinds
    let fastest = capacities.values.max() ?? 1
    var homes: [Int: Int] = [:]
    for node in nodes {
      for cpu in node.cpus where homes[cpu] == nil { homes[cpu] = node.id }
    }
    return online.map { cpu in
      let core = topology.cores?[cpu]
      return Machine.LogicalCPU(
        id: cpu, core: core?.number, cluster: topology.clusters?[cpu]?.number, die: topology.dies?[cpu]?.number,
        package: topology.packages?[cpu]?.number, book: topology.books?[cpu]?.number,
        drawer: topology.drawers?[cpu]?.number, node: homes[cpu], siblings: core?.cpus,
        capacity: capacities[cpu].map { Double($0) / Double(fastest) } ?? 1,
        kind: kinds.first { $0.cpus.contains(cpu) }?.kind)
    }
  }

  /// Hybrid x86 machines have one performance monitor for each kind of core, each with a list of its CPUs.
  private var kinds: [(kind: Machine.CoreKind, cpus: CPUSet)] {
    let monitors: [(Machine.CoreKind, String)] = [
      (.performance, "cpu_core"), (.efficiency, "cpu_atom"), (.lowPower, "cpu_lowpower"),
    ]
    return monitors.compactMap { kind, name in files.cpuList("/sys/devices/\(name)/cpus").map { (kind, $0) } }
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
