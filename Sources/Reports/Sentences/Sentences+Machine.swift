public import AdvisorCore
public import Console

/// What could not be read of a machine, or was not believed.
extension Sentences {
  public func text(_ warning: Machine.Warning) -> String {
    switch warning {
    case .unknown(let property, let fault, let file): "The \(name(property)) is unknown: \(text(fault, file))."
    case .unknownGroups(let groups, let file): unknownGroups(groups, file)
    case .ungroupedCPUs(let groups, let cpus, let file): ungrouped(groups, cpus, file)
    case .overlappingGroups(let groups, let file): "\(file) contradict one another: some \(groups.rawValue) overlap."
    case .unknownCaches(let folder): "The caches are unknown: \(folder) is missing."
    case .incompleteCaches(let cpus): incompleteCaches(cpus)
    case .noNodes(let folder): "\(folder) is missing: the machine is taken as one NUMA node."
    case .unknownNodeCPUs(let node, let fault, let file): unknown("CPUs", node, fault, file)
    case .unknownNodeMemory(let node, let fault, let file): unknown("memory", node, fault, file)
    case .unknownDistances(let file): "Some NUMA distances are unknown: \(file) is missing."
    case .malformedDistances(let file, let count, let nodes): malformedDistances(file, count, nodes)
    case .cpusInSeveralNodes(let cpus, let folder): "\(folder)/node*/cpulist put \(cpus.named) in several nodes."
    case .cpusInNoNode(let cpus, let folder): "\(folder)/node*/cpulist put \(cpus.named) in no node."
    case .differentMemory(let node, let bytes, let other): differentMemory(node, bytes, other)
    case .differentDistance(let from, let to, let distance, let other): differentDistance(from, to, distance, other)
    case .unlistedCPUs(let cpus, let file): unlisted(cpus, file)
    case .contradictoryCpuset(let cpus, let file): contradictoryCpuset(cpus, file)
    case .isolatedCPUs(let cpus, let source): isolated(cpus, source)
    case .onlyIsolatedCPUs(let cpus, let source): onlyIsolated(cpus, source)
    case .impossibleHugePages(let file): impossibleHugePages(file)
    case .unreadableLimits(let limits, let lower, let cause, let file): "\(unreadable(limits, lower, cause, file))."
    case .words(let text): text
    }
  }

  private func unknownGroups(_ groups: Machine.Warning.Groups, _ file: String) -> String {
    "The \(groups.rawValue) are unknown: \(file) is missing, and /proc/cpuinfo does not say."
  }

  private func ungrouped(_ groups: Machine.Warning.Groups, _ cpus: CPUSet, _ file: String) -> String {
    "The \(groups.rawValue) of \(cpus.named) are unknown: \(file) is missing or leaves them out."
  }

  private func incompleteCaches(_ cpus: CPUSet) -> String {
    "Some caches of \(cpus.named) are left out: cache/index*/shared_cpu_map is missing or wrong."
  }

  private func unknown(_ what: String, _ node: Int, _ fault: Machine.Warning.Fault, _ file: String) -> String {
    "The \(what) of NUMA node \(node) \(what == "CPUs" ? "are" : "is") unknown: \(text(fault, file))."
  }

  private func malformedDistances(_ file: String, _ numbers: Int, _ nodes: Int) -> String {
    "\(file) holds \(count(numbers, "number")) for \(count(nodes, "NUMA node")), and is left out."
  }

  private func differentMemory(_ node: Int, _ bytes: Int, _ libnumaBytes: Int64) -> String {
    "NUMA node \(node) has \(bytes) bytes by sysfs and \(libnumaBytes) by libnuma."
  }

  private func differentDistance(_ from: Int, _ to: Int, _ distance: Int, _ libnumaDistance: Int) -> String {
    "From NUMA node \(from) to \(to) it is \(distance) by sysfs and \(libnumaDistance) by libnuma."
  }

  private func unlisted(_ cpus: CPUSet, _ file: String) -> String {
    "\(file) leaves out \(cpus.named), which the affinity mask names: the mask counts."
  }

  private func contradictoryCpuset(_ cpus: CPUSet, _ file: String) -> String {
    "\(file) leaves out \(cpus.named), on which this process may run: it does not count."
  }

  private func isolated(_ cpus: CPUSet, _ source: String) -> String {
    let (verb, counts) = cpus.count == 1 ? ("is", "does") : ("are", "do")
    return "\(cpus.named) \(verb) isolated (\(source)) and \(counts) not count: the kernel moves no task there."
  }

  private func onlyIsolated(_ cpus: CPUSet, _ source: String) -> String {
    "\(cpus.named) \(cpus.count == 1 ? "is" : "are") isolated (\(source)): the kernel keeps all tasks on one of them, unless each is pinned. One CPU "
      + "counts; to use all, start one advisor on each: taskset -c \(cpus.first ?? 0) advisor …"
  }

  private func impossibleHugePages(_ file: String) -> String {
    "More memory is reserved as huge pages than there is, by \(file): they are not counted."
  }

  private func name(_ property: Machine.Warning.Property) -> String {
    switch property {
    case .architecture: "architecture"
    case .model: "CPU's model"
    case .kernel: "kernel's release"
    case .affinity: "affinity mask"
    }
  }

  private func text(_ fault: Machine.Warning.Fault, _ file: String) -> String {
    switch fault {
    case .missing: "\(file) is missing"
    case .unreadable: "\(file) cannot be read"
    case .doesNotSay: "\(file) does not say"
    }
  }
}

extension TextReport {
  /// A machine on one screen, with what could not be read.
  public static func machine(_ machine: Machine) -> String {
    Self.machine(machine, warnings: machine.warnings.map(Sentences().text))
  }
}
