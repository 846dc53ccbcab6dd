import AdvisorCore
import System

/// Reads the NUMA nodes from `/sys/devices/system/node`.
struct NUMAReader {
  static let folder = "/sys/devices/system/node"

  private let files: any FileTree
  private let online: CPUSet

  /// The online nodes, ascending. A machine without NUMA is one node of all its CPUs and memory.
  static func nodes(of online: CPUSet, in files: any FileTree, warnings: inout [Machine.Warning]) -> [Machine.NUMANode]
  {
    let reader = NUMAReader(files: files, online: online)
    guard let ids = reader.ids, !ids.isEmpty else {
      warnings.append(.noNodes(folder: folder))
      let memory = files.bytes("/proc/meminfo")
      return [
        Machine.NUMANode(
          id: 0, cpus: online, memoryBytes: memory.flatMap { KernelText.kibibytes("MemTotal:", in: $0) },
          freeBytes: memory.flatMap { KernelText.kibibytes("MemFree:", in: $0) },
          hugePages: reader.hugePages("/sys/kernel/mm/hugepages"))
      ]
    }
    let nodes = ids.map { reader.node($0, of: ids.count, &warnings) }
    warnAboutOverlaps(nodes, online, &warnings)
    return nodes
  }

  private var ids: [Int]? {
    if let online = files.cpuList("\(Self.folder)/online") { return Array(online) }
    return files.numbers(in: Self.folder, after: "node")
  }

  private func node(_ id: Int, of count: Int, _ warnings: inout [Machine.Warning]) -> Machine.NUMANode {
    let path = "\(Self.folder)/node\(id)"
    let cpus = files.cpus(mask: "\(path)/cpumap", list: "\(path)/cpulist")
    if cpus == nil {
      warnings.append(.unknownNodeCPUs(node: id, fault: files.fault("\(path)/cpulist"), file: "\(path)/cpulist"))
    }
    let memory = files.bytes("\(path)/meminfo")
    let size = memory.flatMap { KernelText.kibibytes("MemTotal:", in: $0) }
    if size == nil {
      warnings.append(.unknownNodeMemory(node: id, fault: files.fault("\(path)/meminfo"), file: "\(path)/meminfo"))
    }
    return Machine.NUMANode(
      id: id, cpus: (cpus ?? []).intersection(online), memoryBytes: size,
      freeBytes: memory.flatMap { KernelText.kibibytes("MemFree:", in: $0) },
      distances: distances("\(path)/distance", count: count, &warnings), hugePages: hugePages("\(path)/hugepages"))
  }

  /// One number for each online node, in their order, whatever their numbers are.
  private func distances(_ path: String, count: Int, _ warnings: inout [Machine.Warning]) -> [Int]? {
    guard let bytes = files.bytes(path) else {
      if count > 1 { warnings.append(.unknownDistances(file: path)) }
      return nil
    }
    let row = KernelText.words(bytes[...]).map { KernelText.integer($0) }
    guard row.count == count, !row.contains(nil) else {
      warnings.append(.malformedDistances(file: path, count: row.count, nodes: count))
      return nil
    }
    return row.compactMap(\.self)
  }

  private func hugePages(_ folder: String) -> [Machine.HugePages] {
    (files.list(folder) ?? []).compactMap { name -> Machine.HugePages? in
      let digits = Array(name.utf8).dropFirst("hugepages-".utf8.count).dropLast("kB".utf8.count)
      guard name.hasPrefix("hugepages-"), name.hasSuffix("kB"), let size = KernelText.integer(digits), 0 < size,
        size <= Int.max >> 10, let total = files.integer("\(folder)/\(name)/nr_hugepages"),
        total >= 0, let free = total == 0 ? 0 : files.integer("\(folder)/\(name)/free_hugepages")
      else { return nil }
      return Machine.HugePages(pageBytes: size << 10, total: total, free: free)
    }.sorted { $0.pageBytes < $1.pageBytes }
  }

  private static func warnAboutOverlaps(
    _ nodes: [Machine.NUMANode], _ online: CPUSet, _ warnings: inout [Machine.Warning]
  ) {
    var placed: CPUSet = []
    var twice: CPUSet = []
    for node in nodes {
      twice = twice.union(placed.intersection(node.cpus))
      placed = placed.union(node.cpus)
    }
    if !twice.isEmpty { warnings.append(.cpusInSeveralNodes(cpus: twice, folder: folder)) }
    let homeless = online.subtracting(placed)
    if !homeless.isEmpty { warnings.append(.cpusInNoNode(cpus: homeless, folder: folder)) }
  }
}
