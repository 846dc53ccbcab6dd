private import AdvisorCore
private import System

/// A CPU quota of this process's cgroup, or of one above it, which all groups below share.
public struct CPUQuota: Sendable, Hashable {
  /// CPUs' worth of time in every period.
  public var cpus: Double
  /// The file that sets it.
  public var file: String

  public init(cpus: Double, file: String) {
    self.cpus = cpus
    self.file = file
  }

  /// What a group has used and been refused since it was made, in seconds; nil where the kernel does not say.
  public struct Use: Sendable, Hashable {
    public var usedSeconds: Double?
    /// The kernel adds up over CPUs.
    public var throttledSeconds: Double?

    public init(usedSeconds: Double?, throttledSeconds: Double?) {
      self.usedSeconds = usedSeconds
      self.throttledSeconds = throttledSeconds
    }
  }

  /// All quotas that hold for this process, that of its own group first.
  public static func all(in files: any FileTree = FolderTree.live) -> [CPUQuota] {
    CgroupLimits(in: files).cpuQuota.all.map { CPUQuota(cpus: $0.value.cpus, file: $0.source) }
  }

  /// Reads the counters beside the quota: `usage_usec` of version 2; in version 1 `cpuacct.usage`, in nanoseconds, where
  /// that controller is mounted with `cpu` (cgroup-v2.rst, cgroup-v1/cpuacct.rst).
  public func use(in files: any FileTree = FolderTree.live) -> Use {
    let folder = file.prefix(upTo: file.lastIndex(of: "/") ?? file.startIndex)
    let microseconds = files.bytes("\(folder)/cpu.stat").flatMap { KernelText.figure(after: "usage_usec ", in: $0) }
    let used =
      microseconds.map { Double($0) / 1e6 } ?? files.integer("\(folder)/cpuacct.usage").map { Double($0) / 1e9 }
    return Use(usedSeconds: used, throttledSeconds: Throttling.quotaSeconds(file, files))
  }
}
