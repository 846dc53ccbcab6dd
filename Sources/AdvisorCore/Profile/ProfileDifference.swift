/// What differs between two profiles beyond what their intervals allow (`advisor.profile-difference/1`).
public struct ProfileDifference: Codable, Sendable, Hashable {
  public static let schema = "advisor.profile-difference/1"

  public struct Change: Codable, Sendable, Hashable {
    /// The cost's name with its placement or level: `pipeRoundTrip, sameCPU`.
    public var name: String
    public var before: Estimate
    public var after: Estimate

    /// How many times the earlier value the later one is; nil where that was nothing.
    public var ratio: Double? { before.value > 0 ? after.value / before.value : nil }
  }

  public var schema = Self.schema
  /// Costs whose intervals do not meet.
  public var changed: [Change]
  /// Costs that both have and that agree.
  public var unchanged: Int
  public var onlyBefore: [String]
  public var onlyAfter: [String]

  public init(from before: MachineProfile, to after: MachineProfile) {
    let (old, new) = (before.namedEstimates, after.namedEstimates)
    let common = old.keys.filter { new[$0] != nil }.sorted()
    let changes = common.compactMap { name -> Change? in
      guard let a = old[name], let b = new[name], !a.agrees(with: b) else { return nil }
      return Change(name: name, before: a, after: b)
    }
    changed = changes
    unchanged = common.count - changes.count
    onlyBefore = old.keys.filter { new[$0] == nil }.sorted()
    onlyAfter = new.keys.filter { old[$0] == nil }.sorted()
  }
}

extension MachineProfile {
  fileprivate var namedEstimates: [String: Estimate] {
    Self.namedEstimates(fixedCosts, variableCosts)
      .merging(runtimes.flatMap(\.namedEstimates), uniquingKeysWith: { first, _ in first })
  }

  /// Every cost under a name that means the same in another profile; of fixed costs the floor.
  public static func namedEstimates(_ fixedCosts: [FixedCost], _ costs: VariableCosts) -> [String: Estimate] {
    var named: [(String, Estimate)] = fixedCosts.map { ("\($0.name.rawValue), \($0.placement.rawValue)", $0.floor) }
    named += costs.kernels.map { ("kernel \($0.kernel.rawValue)", $0.secondsPerUnit) }
    named += costs.speedups.map { ("speedup \($0.kernel.rawValue), \($0.workers) workers", $0.speedup) }
    named += costs.memoryBandwidth.map {
      ("memory bandwidth, \($0.threads) threads, node \($0.cpuNode) to \($0.memoryNode)", $0.bytesPerSecond)
    }
    named += (costs.firstTouch ?? []).map { ("first touch of memory, \($0.threads) threads", $0.bytesPerSecond) }
    named += costs.disk.map { ("disk, \($0.bytes) B, depth \($0.depth)", $0.operationsPerSecond) }
    named += costs.http.map { ("http, \($0.bytes) B, \($0.depth) in flight", $0.operationsPerSecond) }
    named += (costs.httpThreads ?? []).map { ("http, \($0.bytes) B, \($0.depth) threads", $0.operationsPerSecond) }
    return Dictionary(named, uniquingKeysWith: { first, _ in first })
  }
}
