import AdvisorCore

/// What the cgroups of a process, and all those above them, leave it.
///
/// See `Documentation/admin-guide/cgroup-v2.rst`, `cgroup-v1/memory.rst` and `scheduler/sched-bwc.rst`.
struct CgroupLimits {
  /// A limit and the file that sets it.
  struct Limit<Value> {
    var value: Value
    var source: String
  }

  private let cgroups: [Cgroup]
  private let files: any FileTree

  init(_ cgroups: [Cgroup], in files: any FileTree) {
    self.cgroups = cgroups
    self.files = files
  }

  /// CPUs' worth of time in every period, and the period's length in seconds.
  var cpuQuota: Limit<(cpus: Double, period: Double)>? {
    folders(with: "cpu").compactMap { folder, isUnified -> Limit<(cpus: Double, period: Double)>? in
      let file = isUnified ? "\(folder)/cpu.max" : "\(folder)/cpu.cfs_quota_us"
      let quota = isUnified ? unifiedQuota(file) : quota(file, period: "\(folder)/cpu.cfs_period_us")
      return quota.map { Limit(value: $0, source: file) }
    }.min { $0.value.cpus < $1.value.cpus }
  }

  /// The least of the hard limits and of `memory.high`, above which the kernel throttles.
  var memoryBytes: Limit<Int>? {
    let names = (unified: ["memory.max", "memory.high"], legacy: ["memory.limit_in_bytes"])
    return folders(with: "memory").flatMap { folder, isUnified in
      (isUnified ? names.unified : names.legacy).compactMap { limit("\(folder)/\($0)") }
    }.filter { $0.value < Self.unlimitedMemory }.min { $0.value < $1.value }
  }

  /// Processes and threads.
  var pids: Limit<Int>? {
    folders(with: "pids").compactMap { limit("\($0.folder)/pids.max") }.min { $0.value < $1.value }
  }

  /// What counts against a limit that `pids.max` sets; nil for a limit of another file.
  static func pidsInUse(beside source: String, in files: any FileTree) -> Int? {
    guard source.hasSuffix("/pids.max") else { return nil }
    return files.integer("\(source.dropLast("max".count))current")
  }

  /// The CPUs of the nearest cgroup that has the cpuset controller; the kernel keeps them within those above.
  var cpus: Limit<CPUSet>? {
    for (folder, isUnified) in folders(with: "cpuset") {
      // The last is the name on a mount with the option `noprefix`, and on the file system `cpuset`.
      let names = isUnified ? ["cpuset.cpus.effective"] : ["cpuset.effective_cpus", "cpuset.cpus", "cpus"]
      for name in names {
        if let cpus = files.cpuList("\(folder)/\(name)"), !cpus.isEmpty {
          return Limit(value: cpus, source: "\(folder)/\(name)")
        }
      }
    }
    return nil
  }

  /// Version 1 writes "no limit" as the largest count of pages, in bytes: 2⁶³ less at most one page (of up to 256 KiB).
  private static let unlimitedMemory = Int.max - (1 << 18)

  private func folders(with controller: String) -> [(folder: String, isUnified: Bool)] {
    cgroups.flatMap { cgroup in
      cgroup.controllers?.contains(controller) ?? true ? cgroup.folders.map { ($0, cgroup.isUnified) } : []
    }
  }

  /// A number; nil for `max` and -1, which mean none.
  private func limit(_ file: String) -> Limit<Int>? {
    guard let value = files.integer(file), value >= 0 else { return nil }
    return Limit(value: value, source: file)
  }

  /// `cpu.max`: `150000 100000` or `max 100000`, in microseconds; the period may be left out.
  private func unifiedQuota(_ file: String) -> (cpus: Double, period: Double)? {
    guard let words = files.bytes(file).map({ KernelText.words($0[...]) }), (1...2).contains(words.count) else {
      return nil
    }
    return Self.quota(KernelText.integer(words[0]), period: words.count == 2 ? KernelText.integer(words[1]) : 100_000)
  }

  private func quota(_ file: String, period: String) -> (cpus: Double, period: Double)? {
    files.integer(file).flatMap { $0 > 0 ? Self.quota($0, period: files.integer(period)) : nil }
  }

  private static func quota(_ quota: Int?, period: Int?) -> (cpus: Double, period: Double)? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    return (Double(quota) / Double(period), Double(period) / 1e6)
  }
}
