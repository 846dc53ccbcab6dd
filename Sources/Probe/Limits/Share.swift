import AdvisorCore

/// What this process may have of the machine, each limit with the file that set it.
struct Share {
  private(set) var limits = Machine.Limits()
  /// The affinity mask within the cpuset.
  private(set) var allowed: CPUSet
  private var allowedSource: String

  init(of online: CPUSet, in files: any FileTree, warnings: inout [String]) {
    let status = ProcessStatus(in: files)
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
    if let pids = [cgroups.pids, processes].compactMap(\.self).min(by: { $0.value < $1.value }) {
      limits.pids = pids.value
      limits.sources["pids"] = pids.source
    }
    if let openFiles = status.openFiles {
      limits.openFiles = openFiles
      limits.sources["openFiles"] = ProcessStatus.limitsPath
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
  func usable(_ cpus: CPUSet, memory: Int?) -> Machine.Usable {
    let quota = limits.cpuQuota ?? .infinity
    var usable = Machine.Usable(
      logicalCPUs: cpus.count, effectiveCPUs: min(Double(cpus.count), quota),
      memoryBytes: [memory, limits.memoryBytes].compactMap(\.self).min())
    usable.sources["logicalCPUs"] = allowedSource
    usable.sources["effectiveCPUs"] = quota < Double(cpus.count) ? limits.sources["cpuQuota"] : allowedSource
    usable.sources["memoryBytes"] = usable.memoryBytes == memory ? "/proc/meminfo" : limits.sources["memoryBytes"]
    return usable
  }
}
