import AdvisorCore

/// What this process may have of the machine, each limit with the file that set it.
struct Share {
  private(set) var limits = Machine.Limits()
  /// The affinity mask within the cpuset.
  private(set) var allowed: CPUSet
  private var allowedSource: String
  /// The numbers of the NUMA nodes whose memory it may have; nil where that is unknown.
  let memoryNodes: CPUSet?

  init(of online: CPUSet, in files: any FileTree, warnings: inout [String]) {
    let status = ProcessStatus(in: files)
    memoryNodes = status.memoryNodes
    let cgroups = CgroupLimits(Cgroup.all(in: files, warnings: &warnings), in: files)
    (allowed, allowedSource) = Self.allowed(online, status.affinity, cgroups.cpus, &warnings)
    if let quota = cgroups.cpuQuota {
      (limits.cpuQuota, limits.cpuPeriodSeconds) = (quota.value.cpus, quota.value.period)
      limits.sources["cpuQuota"] = quota.source
    }
    if let memory = cgroups.memoryBytes {
      limits.memoryBytes = memory.value
      limits.sources["memoryBytes"] = memory.source
    }
    let processes = status.processes.map { CgroupLimits.Limit(value: $0, source: ProcessStatus.limitsPath) }
    let kernel = ["threads-max", "pid_max"].map { files.limit("/proc/sys/kernel/\($0)") }
    if let pids = ([cgroups.pids, processes] + kernel).compactMap(\.self).min(by: { $0.value < $1.value }) {
      limits.pids = pids.value
      limits.sources["pids"] = pids.source
      limits.pidsInUse = CgroupLimits.pidsInUse(beside: pids.source, in: files)
    }
    if status.hasNoLimits {
      warnings.append("The process's own limits are unknown: \(ProcessStatus.limitsPath) is missing.")
    }
    if let openFiles = status.openFiles {
      limits.openFiles = openFiles
      limits.sources["openFiles"] = ProcessStatus.limitsPath
    }
    if let mappings = files.limit("/proc/sys/vm/max_map_count") {
      limits.mappings = mappings.value
      limits.sources["mappings"] = mappings.source
    }
  }

  private static func allowed(
    _ online: CPUSet, _ affinity: CPUSet?, _ cpuset: CgroupLimits.Limit<CPUSet>?, _ warnings: inout [String]
  ) -> (CPUSet, String) {
    guard let affinity else {
      warnings.append("The affinity mask is unknown: \(ProcessStatus.statusPath) is missing.")
      return cpuset.map { ($0.value, $0.source) } ?? (online, "\(PresentCPUs.folder)/online")
    }
    // The kernel keeps the mask within the cpuset, so that the cpuset decides where the two are equal.
    guard let cpuset, cpuset.value.intersection(online).isSubset(of: affinity) else {
      return (affinity, ProcessStatus.statusPath)
    }
    return (affinity.intersection(cpuset.value), cpuset.source)
  }

  /// What remains: the lesser of CPUs and quota, the lesser of memory and its limit.
  ///
  /// - Parameter memory: the machine's, and the file that says so.
  func usable(_ cpus: CPUSet, memory: CgroupLimits.Limit<Int>?) -> Machine.Usable {
    let quota = limits.cpuQuota ?? .infinity
    let isQuota = quota < Double(cpus.count)
    let limit = limits.memoryBytes.flatMap { bytes in
      limits.sources["memoryBytes"].map { CgroupLimits.Limit(value: bytes, source: $0) }
    }
    let least = [memory, limit].compactMap(\.self).min { $0.value < $1.value }
    var usable = Machine.Usable(
      logicalCPUs: cpus.count, effectiveCPUs: isQuota ? quota : Double(cpus.count), memoryBytes: least?.value)
    usable.sources["logicalCPUs"] = allowedSource
    usable.sources["effectiveCPUs"] = isQuota ? limits.sources["cpuQuota"] : allowedSource
    usable.sources["memoryBytes"] = least?.source
    return usable
  }
}

extension FileTree {
  /// A file that holds one number, as a limit that it sets; nil where it is missing or says none.
  fileprivate func limit(_ path: String) -> CgroupLimits.Limit<Int>? {
    integer(path).flatMap { $0 > 0 ? .init(value: $0, source: path) : nil }
  }
}
