import System

/// Reads how much memory is left for this process and those that it starts, as often as it is asked.
public struct MemoryGauge {
  public struct Reading: Sendable, Hashable {
    /// What can still be taken before something must be swapped or killed, in bytes: the least over the machine and all
    /// ancestor cgroups.
    public var availableBytes: Int
    /// The limit that this is the rest of, in bytes.
    public var limitBytes: Int
    /// Microseconds, since boot, in which no task could go on for want of memory; nil where the kernel does not say.
    public var stalledMicroseconds: Int?

    public init(availableBytes: Int, limitBytes: Int, stalledMicroseconds: Int? = nil) {
      self.availableBytes = availableBytes
      self.limitBytes = limitBytes
      self.stalledMicroseconds = stalledMicroseconds
    }

    public var usedBytes: Int { max(0, limitBytes &- availableBytes) }
  }

  private let files: any FileTree
  private let groups: [Group]

  /// Looks up the cgroups once: a process seldom moves.
  public init(files: any FileTree = FolderTree.live) {
    self.files = files
    var cgroups = Cgroups(in: files)
    groups =
      if case .seen(let cgroup) = cgroups.place(of: "memory") {
        cgroup.folders.map { Group(folder: $0.path, isUnified: cgroup.isUnified) }
      } else {
        []
      }
  }

  /// - Returns: nil where `/proc/meminfo` does not say.
  public func reading() -> Reading? {
    guard let text = files.read("/proc/meminfo", limit: 4096),
      let total = KernelText.kibibytes("MemTotal:", in: text),
      let available = KernelText.kibibytes("MemAvailable:", in: text)
    else { return nil }
    let machine = Reading(availableBytes: available, limitBytes: total)
    let readings = [machine] + groups.compactMap { $0.reading(in: files) }
    var least = readings.min { $0.availableBytes < $1.availableBytes } ?? machine
    let pressure = files.read("/proc/pressure/memory", limit: 512)
    least.stalledMicroseconds = pressure.flatMap { KernelText.stalledMicroseconds("full", in: $0) }
    return least
  }
}

extension MemoryGauge {
  /// A cgroup whose memory is limited, or may be.
  fileprivate struct Group {
    let folder: String
    let isUnified: Bool

    /// What the limit leaves: file pages that nobody uses count as free, for the kernel drops them first.
    ///
    /// In version 1 the group's statistics also tell of limits above it that may be out of sight.
    func reading(in files: any FileTree) -> Reading? {
      let limits = isUnified ? ["memory.max", "memory.high"] : ["memory.limit_in_bytes"]
      let usage = isUnified ? "memory.current" : "memory.usage_in_bytes"
      let statistics = files.read("\(folder)/memory.stat", limit: 1 << 16) ?? []
      let inherited = isUnified ? nil : CgroupLimits.hierarchicalLimit(statistics)
      let own = limits.compactMap { files.integer("\(folder)/\($0)") }.filter { $0 >= 0 }
      guard let limit = (own + [inherited].compactMap(\.self)).min(), let used = files.integer("\(folder)/\(usage)")
      else { return nil }
      let unused = max(0, min(used, inactiveFileBytes(statistics)))
      return Reading(availableBytes: max(0, limit &- (used - unused)), limitBytes: limit)
    }

    private func inactiveFileBytes(_ statistics: [UInt8]) -> Int {
      KernelText.figure(after: isUnified ? "inactive_file " : "total_inactive_file ", in: statistics) ?? 0
    }
  }
}
