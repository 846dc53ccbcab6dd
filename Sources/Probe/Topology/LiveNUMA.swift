import AdvisorCore
private import CNuma

/// What libnuma says of the running machine, beside what sysfs says.
enum LiveNUMA {
  /// Loading it is not to be done twice at once.
  private static let isAvailable = cnuma_is_available()

  /// Sentences for what differs; none where libnuma is not installed, or says that there is no NUMA.
  ///
  /// A machine of one node has nothing to differ in, and is not asked.
  static func differences(from nodes: [Machine.NUMANode]) -> [String] {
    guard nodes.count > 1, isAvailable else { return [] }
    return nodes.flatMap { node in sizes(node) + distances(node, nodes) }
  }

  private static func sizes(_ node: Machine.NUMANode) -> [String] {
    var free: Int64 = 0
    let size = cnuma_node_size(Int32(clamping: node.id), &free)
    guard let memory = node.memoryBytes, memory > 0, size != memory else { return [] }
    return ["NUMA node \(node.id) has \(memory) bytes by sysfs and \(size) by libnuma."]
  }

  private static func distances(_ node: Machine.NUMANode, _ nodes: [Machine.NUMANode]) -> [String] {
    zip(nodes, node.distances ?? []).compactMap { other, distance in
      let theirs = Int(cnuma_distance(Int32(clamping: node.id), Int32(clamping: other.id)))
      guard theirs != distance else { return nil }
      return "From NUMA node \(node.id) to \(other.id) it is \(distance) by sysfs and \(theirs) by libnuma."
    }
  }
}
