public import AdvisorCore
private import CLinux
private import Glibc

/// Reads what a machine is and what this process may use of it.
public struct Prober {
  private let files: any FileTree

  public init(files: any FileTree) { self.files = files }

  /// Reads this machine.
  public static var live: Prober { Prober(files: FolderTree.live) }

  /// - Throws: `AdvisorError` where no CPU can be found. Everything else that is missing becomes a warning.
  public func machine() throws(AdvisorError) -> Machine {
    guard let present = PresentCPUs(in: files) else {
      throw AdvisorError(
        .badData, "no CPU is named in \(PresentCPUs.folder) or \(CPUInfo.path)",
        advice: "check that /sys and /proc are mounted and readable, or that --root names a copy of both")
    }
    var warnings: [String] = []
    let topology = CPUTopology(of: present.online, in: files, warnings: &warnings)
    let nodes = NUMAReader.nodes(of: present.online, in: files, warnings: &warnings)
    if files.isLive { warnings += LiveNUMA.differences(from: nodes) }
    let info = CPUInfo.head(in: files)
    let caches = CacheReader.caches(of: present.online, in: files, info: info, warnings: &warnings)
    let share = Share(of: present.online, in: files, warnings: &warnings)
    let cpus = Machine.CPUs(
      online: present.online, offline: present.offline, allowed: share.allowed,
      usable: share.allowed.intersection(present.online), isolated: isolated)
    return Machine(
      architecture: known(
        files.text("/proc/sys/kernel/arch") ?? files.runningArchitecture, "architecture", "/proc/sys/kernel/arch",
        &warnings),
      model: known(CPUInfo.model(info, in: files), "CPU's model", CPUInfo.path, &warnings),
      kernel: known(
        files.text("/proc/sys/kernel/osrelease"), "kernel's release", "/proc/sys/kernel/osrelease", &warnings),
      isVirtual: CPUInfo.isVirtual(info), cpus: cpus, counts: counts(present.online, topology, nodes: nodes.count),
      topology: LogicalCPUReader(files: files, topology: topology, nodes: nodes).cpus(present.online),
      numa: nodes, caches: caches, limits: share.limits,
      usable: share.usable(cpus.usable, memory: memory(nodes, allowed: share.memoryNodes)), warnings: warnings)
  }

  /// What this process is allowed, without the rest of the machine.
  public var limits: Machine.Limits { share().limits }

  /// What this process is allowed and what that leaves of the CPUs; of memory it says nothing.
  public func share() -> (limits: Machine.Limits, usable: Machine.Usable, warnings: [String]) {
    var warnings: [String] = []
    let online = PresentCPUs(in: files)?.online ?? []
    let share = Share(of: online, in: files, warnings: &warnings)
    return (share.limits, share.usable(share.allowed.intersection(online), memory: nil), warnings)
  }

  private func counts(_ online: CPUSet, _ topology: CPUTopology, nodes: Int) -> Machine.Counts {
    Machine.Counts(
      packages: topology.packages?.groups.count, cores: topology.cores?.groups.count, logicalCPUs: online.count,
      threadsPerCore: topology.cores?.groups.map(\.count).max(), numaNodes: nodes, dies: topology.dies?.groups.count,
      clusters: topology.clusters?.groups.count, books: topology.books?.groups.count,
      drawers: topology.drawers?.groups.count)
  }

  /// Since Linux 4.0; before it only the kernel's command line told: `isolcpus=nohz,domain,2-3`, flags first.
  private var isolated: CPUSet {
    if let isolated = files.cpuList("\(PresentCPUs.folder)/isolated") { return isolated }
    for word in KernelText.words((files.bytes("/proc/cmdline") ?? [])[...]) where word.starts(with: "isolcpus=".utf8) {
      let parts = word.dropFirst("isolcpus=".utf8.count).split(separator: UInt8(ascii: ","))
      let isFlag: (ArraySlice<UInt8>) -> Bool = { ["nohz", "domain", "managed_irq"].contains(KernelText.string($0)) }
      return CPUSet(list: Array(parts.drop(while: isFlag).joined(separator: [UInt8(ascii: ",")]))) ?? []
    }
    return []
  }

  /// The memory of the nodes that the process may use, and the file that says so.
  private func memory(_ nodes: [Machine.NUMANode], allowed: CPUSet?) -> CgroupLimits.Limit<Int>? {
    let path = "/proc/meminfo"
    let inReach = nodes.filter { allowed?.contains($0.id) ?? true }
    if inReach.count < nodes.count, !inReach.isEmpty {
      return sum(inReach).map { .init(value: $0, source: ProcessStatus.statusPath) }
    }
    if let total = files.bytes(path).flatMap({ KernelText.kibibytes("MemTotal:", in: $0) }) {
      return .init(value: total, source: path)
    }
    return sum(nodes).map { .init(value: $0, source: "\(NUMAReader.folder)/node*/meminfo") }
  }

  /// All memory of some nodes; nil where one does not tell.
  private func sum(_ nodes: [Machine.NUMANode]) -> Int? {
    nodes.reduce(0) { sum, node in
      guard let sum, let size = node.memoryBytes else { return nil }
      let (next, overflows) = sum.addingReportingOverflow(size)
      return overflows ? nil : next
    }
  }

  /// The value as it is; a warning where there is none.
  private func known(_ value: String?, _ what: String, _ file: String, _ warnings: inout [String]) -> String? {
    if value == nil { warnings.append("The \(what) is unknown: \(file) is missing or does not tell.") }
    return value
  }
}

extension FileTree {
  /// Before Linux 6.1 no file names the architecture that the kernel runs as.
  fileprivate var runningArchitecture: String? {
    guard isLive else { return nil }
    var names = utsname()
    guard uname(&names) == 0 else { return nil }
    return withUnsafeBytes(of: &names.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
