import AdvisorCore

/// How the online CPUs are grouped, from the whole machine down to the core; nil where the kernel does not say.
struct CPUTopology {
  var drawers: SiblingGroups?
  var books: SiblingGroups?
  var packages: SiblingGroups?
  var dies: SiblingGroups?
  var clusters: SiblingGroups?
  var cores: SiblingGroups?

  init(of online: CPUSet, in files: any FileTree, warnings: inout [Machine.Warning]) {
    let reader = Reader(online: online, files: files)
    // The newer names of the same sets are `core_cpus` and `package_cpus`.
    cores = reader.groups("thread_siblings") ?? reader.groups("core_cpus")
    packages = reader.groups("core_siblings") ?? reader.groups("package_cpus")
    dies = reader.optionalGroups("die_cpus")
    clusters = reader.optionalGroups("cluster_cpus")
    books = reader.optionalGroups("book_siblings")
    drawers = reader.optionalGroups("drawer_siblings")
    if cores == nil || packages == nil { fillFromCPUInfo(online, in: files) }
    if online.count == 1 {
      cores = cores ?? SiblingGroups(of: online) { _ in online }
      packages = packages ?? SiblingGroups(of: online) { _ in online }
    }
    // Some hypervisors give each hardware thread a die of its own.
    if let cores {
      if dies?.splits(cores) == true { dies = nil }
      if clusters?.splits(cores) == true { clusters = nil }
    }
    // Where there are no clusters or dies the kernel makes one of each core.
    if clusters?.groups == cores?.groups { clusters = nil }
    if dies?.groups == cores?.groups, dies?.groups != packages?.groups { dies = nil }
    warn(about: cores, .cores, "thread_siblings", &warnings)
    warn(about: packages, .packages, "core_siblings", &warnings)
  }

  /// Before Linux 2.6.16, and in some sandboxes, sysfs has no topology.
  private mutating func fillFromCPUInfo(_ online: CPUSet, in files: any FileTree) {
    let listed = CPUInfo(in: files).processors
    var packageMembers: [Int: CPUSet] = [:]
    var coreMembers: [[Int]: CPUSet] = [:]
    for cpu in listed {
      guard let package = cpu.physicalID else { continue }
      packageMembers[package, default: []].insert(cpu.number)
      if let core = cpu.coreID { coreMembers[[package, core], default: []].insert(cpu.number) }
    }
    if packages == nil, !packageMembers.isEmpty {
      packages = SiblingGroups(of: online) { cpu in packageMembers.values.first { $0.contains(cpu) } }
    }
    if cores == nil, !coreMembers.isEmpty {
      cores = SiblingGroups(of: online) { cpu in coreMembers.values.first { $0.contains(cpu) } }
    }
  }

  private func warn(
    about groups: SiblingGroups?, _ what: Machine.Warning.Groups, _ file: String, _ warnings: inout [Machine.Warning]
  ) {
    let path = "\(PresentCPUs.folder)/cpu*/topology/\(file)"
    guard let groups else {
      warnings.append(.unknownGroups(groups: what, file: path))
      return
    }
    if !groups.ungrouped.isEmpty {
      warnings.append(.ungroupedCPUs(groups: what, cpus: groups.ungrouped, file: path))
    }
    if groups.isContradictory { warnings.append(.overlappingGroups(groups: what, file: path)) }
  }

  private struct Reader {
    let online: CPUSet
    let files: any FileTree

    /// Groups of a level that many machines lack. If the first CPU lacks the file, all do.
    func optionalGroups(_ file: String) -> SiblingGroups? {
      guard let first = online.first, let firstSiblings = siblings(of: first, file) else { return nil }
      return groups { $0 == first ? firstSiblings : siblings(of: $0, file) }
    }

    func groups(_ file: String) -> SiblingGroups? { groups { siblings(of: $0, file) } }

    private func groups(_ siblings: (Int) -> CPUSet?) -> SiblingGroups? {
      let groups = SiblingGroups(of: online, siblings: siblings)
      return groups.groups.isEmpty ? nil : groups
    }

    private func siblings(of cpu: Int, _ file: String) -> CPUSet? {
      let path = "\(PresentCPUs.folder)/cpu\(cpu)/topology/\(file)"
      return files.cpus(mask: path, list: path + "_list")
    }
  }
}
