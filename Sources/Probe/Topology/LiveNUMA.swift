import AdvisorCore
private import CNuma

/// What libnuma says of the running machine, beside what sysfs says.
enum LiveNUMA {
  /// Loading it is not to be done twice at once.
  private static let isAvailable = cnuma_is_available()

  /// What differs; nothing where libnuma is not installed, or says that there is no NUMA.
  ///
  /// A machine of one node has nothing to differ in, and is not asked.
  static func differences(from nodes: [Machine.NUMANode]) -> [Machine.Warning] {
    guard nodes.count > 1, isAvailable else { return [] }
    return nodes.flatMap { node in sizes(node) + distances(node, nodes) }
  }

  private static func sizes(_ node: Machine.NUMANode) -> [Machine.Warning] {
    var free: Int64 = 0
    let size = cnuma_node_size(Int32(clamping: node.id), &free)
    guard let memory = node.memoryBytes, memory > 0, size != memory else { return [] }
    return [.differentMemory(node: node.id, bytes: memory, libnumaBytes: Int64(size))]
  }

  private static func distances(_ node: Machine.NUMANode, _ nodes: [Machine.NUMANode]) -> [Machine.Warning] {
    zip(nodes, node.distances ?? []).compactMap { other, distance in
      let theirs = Int(cnuma_distance(Int32(clamping: node.id), Int32(clamping: other.id)))
      guard theirs != distance else { return nil }
      return .differentDistance(from: node.id, to: other.id, distance: distance, libnumaDistance: theirs)
    }
  }
}
