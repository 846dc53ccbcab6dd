import AdvisorCore

/// The CPUs of a cpuset, and whether the scheduler balances load between them.
struct CgroupCPUs {
  var cpus: CPUSet
  var source: String
  /// The file that keeps the scheduler from balancing load between them; nil where it does.
  var isolatedBy: String?

  /// The CPUs of the nearest group that has the controller; the kernel keeps them within those above.
  init?(_ cgroup: Cgroup, in files: any FileTree) {
    // The last is the name on a mount with the option `noprefix`, and on the file system `cpuset`.
    let names = cgroup.isUnified ? ["cpuset.cpus.effective"] : ["cpuset.effective_cpus", "cpuset.cpus", "cpus"]
    for folder in cgroup.folders {
      for name in names {
        guard let cpus = files.cpuList("\(folder.path)/\(name)"), !cpus.isEmpty else { continue }
        (self.cpus, source) = (cpus, "\(folder.path)/\(name)")
        isolatedBy = cgroup.isUnified ? Self.isolatedPartition(cgroup, files) : Self.unbalanced(cgroup, files)
        return
      }
    }
    return nil
  }

  /// A group is of the partition of the nearest group that is the root of one: `isolated` ones are not balanced
  /// (cgroup-v2.rst, `cpuset.cpus.partition`); `isolated invalid (…)` is none.
  private static func isolatedPartition(_ cgroup: Cgroup, _ files: any FileTree) -> String? {
    for folder in cgroup.folders {
      let path = "\(folder.path)/cpuset.cpus.partition"
      switch files.text(path) {
      case "isolated": return path
      case "root": return nil
      default: continue
      }
    }
    return nil
  }

  /// Load is balanced within a group whose flag is set, and so between the CPUs of those below it (cpuset(7)).
  private static func unbalanced(_ cgroup: Cgroup, _ files: any FileTree) -> String? {
    let paths = cgroup.folders.map { "\($0.path)/cpuset.sched_load_balance" }
    return paths.allSatisfy { files.integer($0) == 0 } ? paths.first : nil
  }
}
