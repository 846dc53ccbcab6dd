import AdvisorCore
import Statistics
import Workloads

extension Phase {
  /// Bytes a second that threads stream through memory: those of each NUMA node through its own, by how many they are,
  /// and all of a node through the memory of every other.
  func measureMemory(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    let nodes = Self.nodes(of: context.machine)
    guard !nodes.isEmpty else { throw .lacking("a usable CPU") }
    let remote = nodes.flatMap { node in nodes.filter { $0.id != node.id }.map { (cpus: node, memory: $0) } }
    let pairs = nodes.map { (cpus: $0, memory: $0) } + remote
    for (index, pair) in pairs.enumerated() where !context.shouldStop() {
      guard index < nodes.count || context.budget > 0 else {
        findings.warnings.append(.nodePairsNotMeasured(pairs: pairs.count - index))
        break
      }
      let context = context.part(index, of: pairs.count)
      if index == 0 {
        let rested = try Self.restedTouch(pair.cpus, context)
        let warm = try Self.firstTouch(pair.cpus, context.part(0, of: 2))
        findings.variableCosts.firstTouch = warm
        findings.variableCosts.restedTouch = Self.isSlower(rested, than: warm) ? rested : nil
      }
      findings.variableCosts.memoryBandwidth += try Self.bandwidth(pair.cpus, pair.memory, context)
    }
  }

  typealias Node = (id: Int, cpus: [Int])

  /// The usable CPUs of each node that has some, in the order in which workers take them.
  private static func nodes(of machine: Machine) -> [Node] {
    let order = machine.placementOrder
    let nodes = machine.numa.map { node in (id: node.id, cpus: order.filter { node.cpus.contains($0) }) }
      .filter { !$0.cpus.isEmpty }
    return nodes.isEmpty && !order.isEmpty ? [(0, order)] : nodes
  }

  /// Through the making of the workload that a job's workers make.
  private static func firstTouch(_ node: Node, _ context: Context) throws(AdvisorError) -> [BandwidthPoint] {
    // The kernel's work for a byte is the same in a quarter: quick has time for enough turns.
    let arrayBytes = context.level == .quick ? max(2 << 20, context.arrayBytes / 4) : context.arrayBytes
    return try bandwidth(node, node, context) { () throws(AdvisorError) in try FirstTouch(arrayBytes: arrayBytes) }
  }

  private static func bandwidth(
    _ node: Node, _ memory: Node, _ context: Context
  ) throws(AdvisorError) -> [BandwidthPoint] {
    let arrayBytes = context.arrayBytes
    return try bandwidth(node, memory, context) { () throws(AdvisorError) in
      try StreamWorkload(arrayBytes: arrayBytes)
    }
  }

  private static func bandwidth(
    _ node: Node, _ memory: Node, _ context: Context,
    _ make: @escaping @Sendable () throws(AdvisorError) -> any Workload
  ) throws(AdvisorError) -> [BandwidthPoint] {
    let most = node.cpus.count
    // How bandwidth grows with threads is a question of the node's own; of others' memory the total is enough.
    let counts = node.id == memory.id ? Self.doubling(to: most) : [most]
    let team = try ThreadTeam(most, cpus: node.cpus, memoryCPUs: memory.cpus) { _ throws(AdvisorError) in try make() }
    var rates: [Int: [Double]] = [:]
    try context.alternate(counts) { count throws(AdvisorError) in
      rates[count, default: []].append(try team.rate(active: count, seconds: context.sliceSeconds(active: count)))
    }
    return points(counts, rates, from: node, to: memory)
  }

  static func doubling(to most: Int) -> [Int] {
    Set(Array(sequence(first: 1) { $0 * 2 < most ? $0 * 2 : nil }) + [most]).sorted()
  }

  static func points(
    _ counts: [Int], _ rates: [Int: [Double]], from node: Node, to memory: Node
  ) -> [BandwidthPoint] {
    zip(counts, RobustEstimate.medians(of: counts.map { rates[$0] ?? [] })).compactMap { count, rate in
      rate.map {
        BandwidthPoint(
          threads: count, cpuNode: node.id, memoryNode: memory.id, bytesPerSecond: Estimate($0, .bytesPerSecond))
      }
    }
  }
}

/// Maps arrays, writes them for the first time and gives them back, as each worker of a job does once; a unit is a byte.
private final class FirstTouch: Workload {
  private let arrayBytes: Int
  let sliceUnits: Int

  init(arrayBytes: Int) throws(AdvisorError) {
    self.arrayBytes = arrayBytes
    // The first finds the kernel without huge pages at hand.
    sliceUnits = try StreamWorkload(arrayBytes: arrayBytes).heldBytes
  }

  func run(units: Int) throws(AdvisorError) -> UInt64 {
    try StreamWorkload(arrayBytes: arrayBytes).run(units: 1)
  }
}

extension Phase.Context {
  /// Of one of the three that a worker holds: the default, or less where those of all would take an eighth of the memory.
  var arrayBytes: Int {
    guard let memoryBytes = machine.usable.memoryBytes else { return StreamWorkload.defaultArrayBytes }
    return max(
      2 << 20, min(StreamWorkload.defaultArrayBytes, memoryBytes / 8 / (3 * max(1, machine.usable.logicalCPUs))))
  }
}
