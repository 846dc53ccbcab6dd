import AdvisorCore

/// Says of each online CPU where it sits and how fast it is.
struct LogicalCPUReader {
  let files: any FileTree
  let topology: CPUTopology
  let nodes: [Machine.NUMANode]

  func cpus(_ online: CPUSet) -> [Machine.LogicalCPU] {
    let capacities = capacities(online)
    let kinds = kinds
    let fastest = capacities.max() ?? 1
    return online.enumerated().map { index, cpu in
      let core = topology.cores?[cpu]
      return Machine.LogicalCPU(
        id: cpu, core: core?.number, cluster: topology.clusters?[cpu]?.number, die: topology.dies?[cpu]?.number,
        package: topology.packages?[cpu]?.number, book: topology.books?[cpu]?.number,
        drawer: topology.drawers?[cpu]?.number, node: nodes.first { $0.cpus.contains(cpu) }?.id, siblings: core?.cpus,
        capacity: capacities.isEmpty ? 1 : Double(capacities[index]) / Double(fastest),
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

  /// `cpu_capacity`, 1024 for the fastest CPU (Documentation/scheduler/sched-capacity.rst); none where a CPU lacks it.
  private func capacities(_ online: CPUSet) -> [Int] {
    var capacities: [Int] = []
    for cpu in online {
      guard let capacity = files.integer("\(PresentCPUs.folder)/cpu\(cpu)/cpu_capacity"), capacity > 0 else {
        return []
      }
      capacities.append(capacity)
    }
    return capacities
  }
}
