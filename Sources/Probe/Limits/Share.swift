import AdvisorCore

/// What this process may have of the machine, each limit with the file that sets it.
struct Share {
  private(set) var limits = Machine.Limits()
  let cpus: AllowedCPUs
  /// The numbers of the NUMA nodes whose memory it may have; nil where that is unknown.
  let memoryNodes: CPUSet?

  /// Returns nil where no CPU can be found.
  init?(in files: any FileTree, warnings: inout [Machine.Warning]) {
    let status = ProcessStatus(in: files)
    let cgroups = CgroupLimits(in: files)
    guard let cpus = AllowedCPUs(status, cgroups.cpuset, in: files, warnings: &warnings) else { return nil }
    self.cpus = cpus
    memoryNodes = status.memoryNodes
    limits.cpuQuota = cgroups.cpuQuota.tightest?.value.cpus
    limits.cpuPeriodSeconds = cgroups.cpuQuota.tightest?.value.period
    limits.memoryBytes = cgroups.memoryBytes.tightest?.value
    let processes = [cgroups.pids, status.processes]
    let kernel = ["threads-max", "pid_max"].map { files.limit("/proc/sys/kernel/\($0)") }
    let pids = (processes.map(\.tightest) + kernel).compactMap(\.self).min { $0.value < $1.value }
    limits.pids = pids?.value
    limits.pidsInUse = pids.flatMap { CgroupLimits.pidsInUse(beside: $0.source, in: files) }
    limits.openFiles = status.openFiles.tightest?.value
    note(.cpuQuota, cgroups.cpuQuota.source, cgroups.cpuQuota.unread)
    note(.memoryBytes, cgroups.memoryBytes.source, cgroups.memoryBytes.unread)
    note(.pids, pids?.source ?? cgroups.pids.source, processes.flatMap(\.unread))
    note(.openFiles, status.openFiles.source, status.openFiles.unread)
    let mappings = files.limit("/proc/sys/vm/max_map_count")
    limits.mappings = mappings?.value
    limits.sources["mappings"] = mappings?.source
    warnings += limits.warnings
  }

  private mutating func note(_ name: Machine.Limits.Name, _ source: String?, _ unread: [Unread]) {
    limits.unknown += unread.map { Machine.UnknownLimit(name, $0.code, $0.file) }
    if !limits.isUnknown(name) { limits.sources[name.rawValue] = source }
  }

  /// What remains: the lesser of CPUs and quota, the lesser of memory and its limit.
  ///
  /// - Parameter memory: the machine's, and the file that says so.
  func usable(memory: Limit<Int>?) -> Machine.Usable {
    let count = Double(cpus.usable.count)
    let quota = limits.cpuQuota ?? .infinity
    let isQuota = quota < count
    let limit = limits.memoryBytes.flatMap { bytes in
      limits.sources["memoryBytes"].map { Limit(value: bytes, source: $0) }
    }
    let least = [memory, limit].compactMap(\.self).min { $0.value < $1.value }
    var usable = Machine.Usable(
      logicalCPUs: cpus.usable.count, effectiveCPUs: isQuota ? quota : count, memoryBytes: least?.value)
    usable.sources["logicalCPUs"] = cpus.source
    usable.sources["effectiveCPUs"] = isQuota ? limits.sources["cpuQuota"] : cpus.source
    usable.sources["memoryBytes"] = least?.source
    return usable
  }
}

extension FileTree {
  /// A file that holds one number, as a limit that it sets; nil where it is missing or says none.
  fileprivate func limit(_ path: String) -> Limit<Int>? {
    integer(path).flatMap { $0 > 0 ? .init(value: $0, source: path) : nil }
  }
}
