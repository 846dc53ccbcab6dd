import AdvisorCore
import System

/// The CPUs on which this process may run, by its affinity mask: the kernel's own word, and never none.
struct AllowedCPUs {
  /// The CPUs that are there, including those that only the mask names.
  private(set) var present: PresentCPUs
  /// The mask, which may name CPUs that are switched off.
  private(set) var mask: CPUSet
  /// Where tasks run that are pinned to no CPU.
  private(set) var usable: CPUSet
  /// Kept out of load balancing.
  private(set) var isolated: CPUSet
  /// The file that says what is usable.
  private(set) var source: String

  /// Returns nil where neither the mask nor any list names a CPU.
  init?(_ status: ProcessStatus, _ cpuset: CgroupCPUs?, in files: any FileTree, warnings: inout [Machine.Warning]) {
    let live = files.isLive ? try? Affinity.current() : nil
    let affinity = status.affinity ?? live
    guard let listed = PresentCPUs(in: files) ?? affinity.map({ PresentCPUs(online: $0, offline: []) }) else {
      return nil
    }
    present = listed
    source = status.affinity == nil && affinity != nil ? "sched_getaffinity" : ProcessStatus.statusPath
    if affinity == nil {
      let file = ProcessStatus.statusPath
      warnings.append(.unknown(property: .affinity, fault: files.fault(file), file: file))
      source = "\(PresentCPUs.folder)/online"
    }
    mask = affinity ?? present.online
    usable = []
    isolated = []
    admitUnlisted(live, in: files, &warnings)
    narrow(to: cpuset, isMaskKnown: affinity != nil, &warnings)
    leaveOutIsolated(cpuset, in: files, &warnings)
  }

  /// A container's `online` can be made up, as LXCFS does under a quota, and leave out CPUs on which the process runs.
  private mutating func admitUnlisted(_ live: CPUSet?, in files: any FileTree, _ warnings: inout [Machine.Warning]) {
    let unlisted = mask.subtracting(present.online)
    guard !unlisted.isEmpty else { return }
    var running = live?.intersection(unlisted) ?? present.running(unlisted, in: files)
    if mask.intersection(present.online.union(running)).isEmpty { running = unlisted }
    guard !running.isEmpty else { return }
    present.online = present.online.union(running)
    present.offline = present.offline.subtracting(running)
    warnings.append(.unlistedCPUs(cpus: running, file: "\(PresentCPUs.folder)/online"))
  }

  /// The kernel keeps the mask within the cpuset, so that the cpuset decides where the two are equal.
  private mutating func narrow(to cpuset: CgroupCPUs?, isMaskKnown: Bool, _ warnings: inout [Machine.Warning]) {
    usable = mask.intersection(present.online)
    guard let cpuset else { return }
    let within = usable.intersection(cpuset.cpus)
    let others = usable.subtracting(cpuset.cpus)
    if within.isEmpty || isMaskKnown && !others.isEmpty {
      warnings.append(.contradictoryCpuset(cpus: others, file: cpuset.source))
    } else if !isMaskKnown || within == cpuset.cpus.intersection(present.online) {
      (mask, usable, source) = (mask.intersection(cpuset.cpus), within, cpuset.source)
    }
  }

  /// The scheduler moves no task to an isolated CPU, nor from one to another.
  private mutating func leaveOutIsolated(
    _ cpuset: CgroupCPUs?, in files: any FileTree, _ warnings: inout [Machine.Warning]
  ) {
    let (atBoot, file) = IsolatedCPUs.atBoot(in: files)
    isolated = cpuset?.isolatedBy == nil ? atBoot : atBoot.union(usable)
    let left = usable.intersection(isolated)
    guard !left.isEmpty, usable.count > 1 else { return }
    source = cpuset?.isolatedBy ?? file
    let balanced = usable.subtracting(isolated)
    warnings.append(
      balanced.isEmpty
        ? .onlyIsolatedCPUs(cpus: left, source: source) : .isolatedCPUs(cpus: left, source: source))
    usable = balanced.isEmpty ? CPUSet(usable.prefix(1)) : balanced
  }
}

/// The CPUs that the kernel was told at its start to keep out of load balancing.
private enum IsolatedCPUs {
  /// Since Linux 4.0 a file lists them; before, only the kernel's command line told.
  static func atBoot(in files: any FileTree) -> (cpus: CPUSet, file: String) {
    let (list, commandLine) = ("\(PresentCPUs.folder)/isolated", "/proc/cmdline")
    if let isolated = files.cpuList(list) { return (isolated, list) }
    for word in KernelText.words((files.bytes(commandLine) ?? [])[...]) where word.starts(with: "isolcpus=".utf8) {
      return (cpus(of: word.dropFirst("isolcpus=".utf8.count)), commandLine)
    }
    return ([], list)
  }

  /// `nohz,domain,2-3`: flags first; without `domain` among them load is balanced (kernel-parameters.txt).
  private static func cpus(of value: ArraySlice<UInt8>) -> CPUSet {
    let parts = value.split(separator: UInt8(ascii: ","))
    let flags = parts.prefix { ["nohz", "domain", "managed_irq"].contains(KernelText.string($0)) }
    guard flags.isEmpty || flags.contains(where: { $0.elementsEqual("domain".utf8) }) else { return [] }
    return CPUSet(list: Array(parts.dropFirst(flags.count).joined(separator: [UInt8(ascii: ",")]))) ?? []
  }
}
