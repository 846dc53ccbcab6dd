import AdvisorCore
import Statistics
import Workloads

extension Phase {
  /// Bytes a second that so many threads stream through memory, each thread on a CPU of its own and memory beside it.
  func measureMemory(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    let machine = context.machine
    let counts = context.workerCounts.filter { $0 <= machine.usable.logicalCPUs }
    guard let most = counts.last else { throw .lacking("a usable CPU") }
    let arrayBytes = StreamWorkload.arrayBytes(threads: most, of: machine.usable.memoryBytes)
    let gang = try Gang(most, cpus: machine.placementOrder) { _ throws(AdvisorError) in
      try StreamWorkload(arrayBytes: arrayBytes)
    }
    var rates: [Int: [Double]] = [:]
    try context.alternate(counts) { rates[$0, default: []].append(gang.rate(active: $0, seconds: 20e-3)) }
    let node = machine.topology.first { $0.id == machine.placementOrder.first }?.node ?? 0
    findings.variableCosts.memoryBandwidth = counts.compactMap { count in
      RobustEstimate.median(of: rates[count] ?? []).map {
        BandwidthPoint(
          threads: count, cpuNode: node, memoryNode: node, bytesPerSecond: Estimate($0, .bytesPerSecond))
      }
    }
  }
}

extension StreamWorkload {
  /// Of one array: the default, or less where three for each thread would take an eighth of the memory.
  fileprivate static func arrayBytes(threads: Int, of memoryBytes: Int?) -> Int {
    guard let memoryBytes else { return defaultArrayBytes }
    return max(2 << 20, min(defaultArrayBytes, memoryBytes / 8 / (3 * threads)))
  }
}
