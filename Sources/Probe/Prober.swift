public import AdvisorCore
private import System

/// Reads what a machine is and what this process may use of it.
public struct Prober {
  private let files: any FileTree

  public init(files: any FileTree) { self.files = files }

  /// Reads this machine.
  public static var live: Prober { Prober(files: FolderTree.live) }

  /// - Throws: `AdvisorError` where no CPU can be found. Everything else that is missing becomes a warning.
  public func machine() throws(AdvisorError) -> Machine {
    var warnings: [Machine.Warning] = []
    let share = try share(&warnings)
    let allowed = share.cpus
    let online = allowed.present.online
    let topology = CPUTopology(of: online, in: files, warnings: &warnings)
    let nodes = NUMAReader.nodes(of: online, in: files, warnings: &warnings)
    if files.isLive { warnings += LiveNUMA.differences(from: nodes) }
    let info = CPUInfo.head(in: files)
    let caches = CacheReader.caches(of: online, in: files, info: info, warnings: &warnings)
    let memory = UsableMemory(nodes, allowed: share.memoryNodes, in: files, warnings: &warnings)
    return Machine(
      architecture: known(
        files.text("/proc/sys/kernel/arch") ?? files.running(\.machine), .architecture, "/proc/sys/kernel/arch",
        &warnings),
      model: known(CPUInfo.model(info, in: files), .model, CPUInfo.path, &warnings),
      kernel: known(
        files.text("/proc/sys/kernel/osrelease") ?? files.running(\.release), .kernel,
        "/proc/sys/kernel/osrelease", &warnings),
      isVirtual: CPUInfo.isVirtual(info),
      cpus: Machine.CPUs(
        online: online, offline: allowed.present.offline, allowed: allowed.mask, usable: allowed.usable,
        isolated: allowed.isolated),
      counts: counts(online, topology, nodes: nodes.count),
      topology: LogicalCPUReader(files: files, topology: topology, nodes: nodes).cpus(online), numa: nodes,
      caches: caches, limits: share.limits, usable: share.usable(memory: memory.total), warnings: warnings)
  }

  /// What this process is allowed, without the rest of the machine.
  public var limits: Machine.Limits { (try? share())?.limits ?? Machine.Limits() }

  /// What this process is allowed and what that leaves of the CPUs; of memory it says nothing.
  ///
  /// - Throws: `AdvisorError` where no CPU can be found.
  public func share() throws(AdvisorError) -> (limits: Machine.Limits, usable: Machine.Usable) {
    var warnings: [Machine.Warning] = []
    let share = try share(&warnings)
    return (share.limits, share.usable(memory: nil))
  }

  private func share(_ warnings: inout [Machine.Warning]) throws(AdvisorError) -> Share {
    if let share = Share(in: files, warnings: &warnings) { return share }
    throw AdvisorError(
      .badData, "no CPU is named in \(PresentCPUs.folder), \(CPUInfo.path) or \(ProcessStatus.statusPath)",
      advice: "check that /sys and /proc are mounted and readable, or that --root names a copy of both")
  }

  private func counts(_ online: CPUSet, _ topology: CPUTopology, nodes: Int) -> Machine.Counts {
    Machine.Counts(
      packages: topology.packages?.groups.count, cores: topology.cores?.groups.count, logicalCPUs: online.count,
      threadsPerCore: topology.cores?.groups.map(\.count).max(), numaNodes: nodes, dies: topology.dies?.groups.count,
      clusters: topology.clusters?.groups.count, books: topology.books?.groups.count,
      drawers: topology.drawers?.groups.count)
  }

  /// The value as it is; a warning where there is none.
  private func known(
    _ value: String?, _ property: Machine.Warning.Property, _ file: String, _ warnings: inout [Machine.Warning]
  ) -> String? {
    if value == nil { warnings.append(.unknown(property: property, fault: files.fault(file), file: file)) }
    return value
  }
}

extension FileTree {
  /// What uname(2) says: before Linux 6.1 no file names the architecture, and a `/proc` of processes alone has no release.
  fileprivate func running(_ field: KeyPath<KernelName, String>) -> String? {
    isLive ? KernelName()?[keyPath: field] : nil
  }
}
