extension Machine {
  /// What could not be read, or was not believed: codes with figures, of which Reports makes sentences.
  public enum Warning: CodedValue {
    // What the machine is.

    case unknown(property: Property, fault: Fault, file: String)
    /// Neither that file nor `/proc/cpuinfo` says which CPUs belong together.
    case unknownGroups(groups: Groups, file: String)
    case ungroupedCPUs(groups: Groups, cpus: CPUSet, file: String)
    case overlappingGroups(groups: Groups, file: String)
    case unknownCaches(folder: String)
    /// CPUs of which some cache does not say who shares it.
    case incompleteCaches(cpus: CPUSet)

    // NUMA nodes.

    /// The machine is taken as one node.
    case noNodes(folder: String)
    case unknownNodeCPUs(node: Int, fault: Fault, file: String)
    case unknownNodeMemory(node: Int, fault: Fault, file: String)
    case unknownDistances(file: String)
    /// A row of distances that is not as long as there are nodes.
    case malformedDistances(file: String, count: Int, nodes: Int)
    case cpusInSeveralNodes(cpus: CPUSet, folder: String)
    case cpusInNoNode(cpus: CPUSet, folder: String)
    /// sysfs and libnuma differ.
    case differentMemory(node: Int, bytes: Int, libnumaBytes: Int64)
    case differentDistance(from: Int, to: Int, distance: Int, libnumaDistance: Int)

    // What this process may use.

    /// CPUs of the affinity mask that the list of online CPUs leaves out; the mask counts.
    case unlistedCPUs(cpus: CPUSet, file: String)
    /// A cpuset without CPUs on which this process may run; it does not count.
    case contradictoryCpuset(cpus: CPUSet, file: String)
    /// To these CPUs the kernel moves no task, and they do not count.
    case isolatedCPUs(cpus: CPUSet, source: String)
    /// All CPUs are isolated, and one counts.
    case onlyIsolatedCPUs(cpus: CPUSet, source: String)
    /// More memory is reserved as huge pages than there is; they are not counted.
    case impossibleHugePages(file: String)
    case unreadableLimits(limits: [Limits.Name], mayBeLower: Bool, cause: UnknownLimit.Cause, file: String)

    case words(text: String)

    public enum Property: String, Codable, Sendable { case architecture, model, kernel, affinity }

    public enum Groups: String, Codable, Sendable { case cores, packages }

    /// Why a file does not tell.
    public enum Fault: String, Codable, Sendable { case missing, unreadable, doesNotSay }
  }
}
