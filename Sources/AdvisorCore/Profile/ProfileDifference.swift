/// What differs between two profiles beyond what their intervals allow (`advisor.profile-difference/1`).
public struct ProfileDifference: Codable, Sendable, Hashable {
  public static let schema = "advisor.profile-difference/1"

  public struct Change: Codable, Sendable, Hashable {
    /// The cost's name with its placement or level: `pipeRoundTrip, sameCPU`.
    public var name: String
    public var before: Estimate
    public var after: Estimate
    /// How many standard deviations of their difference lie between the two, on the logarithmic scale.
    public var deviations: Double
    /// The part of predictions that it moves: compute, memory, disk, transfer, wait, start or dispatch.
    public var part: String

    init(name: String, before: Estimate, after: Estimate) {
      (self.name, self.before, self.after) = (name, before, after)
      let errors = [before.relativeError / 1.645, after.relativeError / 1.645]
      let spread = (errors[0] * errors[0] + errors[1] * errors[1]).squareRoot()
      let moved = max(before.value, after.value) / max(min(before.value, after.value), 1e-300) - 1
      deviations = min(99, moved / max(spread, 1e-3))
      part = ProfileDifference.part(ofFigure: name)
    }

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
    changed = changes.sorted { ($0.deviations, $1.name) > ($1.deviations, $0.name) }
    unchanged = common.count - changes.count
    onlyBefore = old.keys.filter { new[$0] == nil }.sorted()
    onlyAfter = new.keys.filter { old[$0] == nil }.sorted()
  }
}

extension ProfileDifference {
  /// Figures by the beginnings of their names; what is not among them hands tasks out.
  private static let parts: [(part: String, names: [String])] = [
    ("compute", ["kernel ", "speedup "]), ("memory", ["memory bandwidth", "first touch", "memoryPer"]),
    ("disk", ["disk"]), ("transfer", ["http"]), ("wait", ["timerLateness"]),
    (
      "start",
      ["processSpawn", "workerSpawn", "poolStart", "threadStart", "teamStart", "pageFault", "interpreterStart"]
    ),
  ]

  public static func part(ofFigure name: String) -> String {
    parts.first { $0.names.contains { name.hasPrefix($0) } }?.part ?? "dispatch"
  }
}

extension MachineProfile {
  fileprivate var namedEstimates: [String: Estimate] {
    Self.namedEstimates(fixedCosts, variableCosts)
      .merging(runtimes.flatMap(\.namedEstimates), uniquingKeysWith: { first, _ in first })
  }

  /// Every cost under a name that means the same in another profile; of fixed costs the floor.
  public static func namedEstimates(_ fixedCosts: [FixedCost], _ costs: VariableCosts) -> [String: Estimate] {
    var named = Dictionary(fixedCosts.map { ($0.title, $0.floor) }, uniquingKeysWith: { first, _ in first })
    var costs = costs
    costs.forEachFigure { name, estimate in named[name] = named[name] ?? estimate }
    return named
  }
}

extension MachineProfile {
  /// Calls `body` with every figure of the machine itself, which it may change, under a name that means the same in another
  /// profile: floors and what was typical, and the costs that grow with the work.
  public mutating func forEachFigure(_ body: (String, inout Estimate) -> Void) {
    for index in fixedCosts.indices {
      let title = fixedCosts[index].title
      body(title, &fixedCosts[index].floor)
      body("\(title), typical", &fixedCosts[index].typical)
    }
    variableCosts.forEachFigure(body)
  }
}

extension FixedCost {
  /// The cost's name with its placement: `pipeRoundTrip, sameCPU`.
  public var title: String { "\(name.rawValue), \(placement.rawValue)" }
}

extension VariableCosts {
  /// Calls `body` with every figure, which it may change, under a name that means the same in another profile.
  public mutating func forEachFigure(_ body: (String, inout Estimate) -> Void) {
    for index in kernels.indices { body("kernel \(kernels[index].kernel.rawValue)", &kernels[index].secondsPerUnit) }
    for index in speedups.indices {
      let point = speedups[index]
      body("speedup \(point.kernel.rawValue), \(point.workers) workers", &speedups[index].speedup)
    }
    for index in memoryBandwidth.indices {
      let point = memoryBandwidth[index]
      let place = "\(point.threads) threads, node \(point.cpuNode) to \(point.memoryNode)"
      body("memory bandwidth, \(place)", &memoryBandwidth[index].bytesPerSecond)
    }
    for index in (firstTouch ?? []).indices { firstTouch?[index].visit("memory", body) }
    for index in (restedTouch ?? []).indices { restedTouch?[index].visit("rested memory", body) }
    for index in disk.indices { disk[index].visit("disk", "depth ", "", body) }
    for index in http.indices { http[index].visit("http", "", " in flight", body) }
    for index in (httpThreads ?? []).indices { httpThreads?[index].visit("http", "", " threads", body) }
  }
}

extension BandwidthPoint {
  fileprivate mutating func visit(_ memory: String, _ body: (String, inout Estimate) -> Void) {
    body("first touch of \(memory), \(threads) threads", &bytesPerSecond)
  }
}

extension DepthPoint {
  fileprivate mutating func visit(
    _ kind: String, _ before: String, _ after: String, _ body: (String, inout Estimate) -> Void
  ) {
    body("\(kind), \(bytes) B, \(before)\(depth)\(after)", &operationsPerSecond)
  }
}
