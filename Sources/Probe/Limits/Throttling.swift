public import AdvisorCore
import System

/// How a machine has slowed itself down since it started: counters, of which two readings make a difference.
public struct Throttling: Sendable, Hashable {
  /// Seconds in which the CPU quota kept threads of this process's cgroup from running; nil where no quota is set.
  public var quotaSeconds: Double?
  /// How often cores slowed down for heat or power; nil where the processor does not count that.
  public var thermalEvents: Int?
  /// Seconds for which cores were so slowed down, those of all cores added up; nil where that is not counted.
  public var thermalSeconds: Double?
  /// Whether one busy core may run faster than all of them at once; nil where the kernel does not say.
  public var hasTurbo: Bool?

  /// Reads the counters now.
  public static func reading(of machine: Machine, in files: any FileTree = FolderTree.live) -> Throttling {
    Throttling(
      quotaSeconds: machine.limits.cpuQuota.flatMap { _ in quotaSeconds(machine.limits.sources["cpuQuota"], files) },
      thermalEvents: thermal("count", machine.cpus.usable, files),
      thermalSeconds: thermal("total_time_ms", machine.cpus.usable, files).map { Double($0) / 1e3 },
      hasTurbo: hasTurbo(files))
  }

  /// What ``throttledSeconds(in:)`` finds beside a quota.
  ///
  /// - Parameter quotaFile: the file that sets the quota.
  /// - Returns: seconds; nil where they are not told.
  public static func quotaSeconds(_ quotaFile: String?, _ files: any FileTree = FolderTree.live) -> Double? {
    guard let folder = quotaFile?.split(separator: "/").dropLast().joined(separator: "/"),
      let statistics = files.bytes("/\(folder)/cpu.stat")
    else { return nil }
    return throttledSeconds(in: statistics)
  }

  /// `throttled_usec` of version 2, `throttled_time` of version 1 in nanoseconds: Documentation/scheduler/sched-bwc.rst.
  ///
  /// - Parameter statistics: the text of a `cpu.stat`.
  package static func throttledSeconds(in statistics: [UInt8]) -> Double? {
    KernelText.figure(after: "throttled_usec ", in: statistics).map { Double($0) / 1e6 }
      ?? KernelText.figure(after: "throttled_time ", in: statistics).map { Double($0) / 1e9 }
  }

  /// Intel's counters, one for each core: Documentation/ABI/testing/sysfs-devices-system-cpu.
  private static func thermal(_ counter: String, _ cpus: CPUSet, _ files: any FileTree) -> Int? {
    let counts = cpus.compactMap {
      files.integer("\(PresentCPUs.folder)/cpu\($0)/thermal_throttle/core_throttle_\(counter)")
    }
    return counts.isEmpty ? nil : counts.reduce(0, &+)
  }

  /// See Documentation/admin-guide/pm/cpufreq.rst and intel_pstate.rst.
  private static func hasTurbo(_ files: any FileTree) -> Bool? {
    if let boost = files.integer("\(PresentCPUs.folder)/cpufreq/boost") { return boost != 0 }
    return files.integer("\(PresentCPUs.folder)/intel_pstate/no_turbo").map { $0 == 0 }
  }
}
