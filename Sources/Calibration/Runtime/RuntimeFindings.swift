import AdvisorCore
import Statistics

/// What the script has found so far.
struct RuntimeFindings {
  private struct Key: Hashable {
    var cost: String
    var of: String?
    var workers: Int?
  }

  private var facts: RuntimeMessage.Facts?
  private var samples: [Key: [Double]] = [:]
  var warnings: [ProfileWarning] = []

  mutating func add(_ message: RuntimeMessage) {
    if let facts = message.facts { self.facts = facts }
    if let module = message.missing {
      let why = message.why?.printable ?? "it cannot be imported"
      warnings.append(.notMeasured(what: "import \(module)", problem: why))
    }
    guard let cost = message.cost, let value = message.value, value.isFinite, value >= 0 else { return }
    samples[Key(cost: cost, of: message.of, workers: message.workers), default: []].append(value)
  }

  /// Doubts from what else the machine did meanwhile: a pool's start is a race for the CPUs.
  mutating func warning(_ shares: (stolen: Double, otherBusy: Double, pressure: Double?)) {
    if shares.otherBusy > 0.1 { warnings.append(.otherLoad(share: shares.otherBusy)) }
    if shares.stolen > 0.02 { warnings.append(.stolen(share: shares.stolen)) }
  }

  /// - Returns: nil where a cost is missing without which there is no advice.
  func costs(name: String, now: String) -> RuntimeCosts? {
    guard let facts else { return nil }
    let costs = RuntimeCost.Name.allCases.compactMap { name in
      estimate(Key(cost: name.rawValue), name.unit, isCPUTime: name.isCPUTime)
        .map { RuntimeCost(name: name, estimate: $0) }
    }
    let pools = ["fork", "forkserver", "spawn"].compactMap(pool)
    guard Set(costs.map(\.name)).isSuperset(of: RuntimeCost.Name.needed), !pools.isEmpty else { return nil }
    return RuntimeCosts(
      name: name, interpreter: facts.interpreter, implementation: facts.implementation, version: facts.version,
      isFreeThreaded: facts.isFreeThreaded, holdsGIL: facts.holdsGIL, startMethod: facts.startMethod, measuredAt: now,
      costs: costs, pools: pools, processSpeedups: speedups("processes"), threadSpeedups: speedups("threads"),
      releasedSpeedups: speedups("released"), imports: imports, quality: warnings)
  }

  /// CPU time by its median. What is timed by the wall only grows when others want the CPUs, so that the lower quartile repeats
  /// where a median is the length of the run queue; the least value and the median are the ends of its interval.
  private func estimate(_ key: Key, _ unit: Estimate.Unit, isCPUTime: Bool = false) -> Estimate? {
    guard let values = samples[key], let median = RobustEstimate.median(of: values) else { return nil }
    guard !isCPUTime, let low = values.min(), let quartile = values.quantile(0.25) else {
      return Estimate(median, unit)
    }
    return Estimate(value: quartile, low: low, high: median.value, samples: values.count, unit: unit)
  }

  /// The line through the least and the most workers, round by round.
  private func pool(_ method: String) -> PoolCost? {
    let counts = samples.keys.filter { $0.cost == "poolStart" && $0.of == method }.compactMap(\.workers).sorted()
    guard let few = counts.first, let many = counts.last, few < many,
      let short = estimate(Key(cost: "poolStart", of: method, workers: few), .seconds),
      let long = estimate(Key(cost: "poolStart", of: method, workers: many), .seconds)
    else { return nil }
    let spread = (long.high - long.low) / Double(many - few) / 2
    let each = max(0, (long.value - short.value) / Double(many - few))
    var perWorker = Estimate(
      value: each, low: max(0, each - spread), high: each + spread, samples: long.samples, unit: .seconds)
    perWorker.samples = min(short.samples, long.samples)
    func less(_ value: Double) -> Double { max(0, value - Double(few) * each) }
    let first = Estimate(
      value: less(short.value), low: less(short.low), high: less(short.high), samples: short.samples, unit: .seconds)
    return PoolCost(
      method: method, first: first, perWorker: perWorker,
      memoryPerWorker: estimate(Key(cost: "memoryPerProcess", of: method), .bytes, isCPUTime: true))
  }

  private func speedups(_ carrier: String) -> [RuntimeSpeedup] {
    let counts = samples.keys.filter { $0.cost == "speedup" && $0.of == carrier }.compactMap(\.workers).sorted()
    return counts.compactMap { workers in
      estimate(Key(cost: "speedup", of: carrier, workers: workers), .ratio, isCPUTime: true)
        .map { RuntimeSpeedup(workers: workers, speedup: $0) }
    }
  }

  private var imports: [ImportCost] {
    samples.keys.filter { $0.cost == "import" }.sorted { $0.of ?? "" < $1.of ?? "" }.compactMap { key in
      guard let module = key.of, let seconds = estimate(key, .seconds) else { return nil }
      return ImportCost(module: module, seconds: seconds)
    }
  }
}

extension RuntimeCost.Name {
  /// Without these no way of running a job can be predicted.
  static let needed: Set<Self> = [.threadStart, .threadHop, .poolChunk, .poolTask, .loopStart, .loopTask, .word]

  fileprivate var unit: Estimate.Unit {
    switch self {
    case .memoryOfInterpreter, .memoryPerThread, .memoryPerTask: .bytes
    case .pickling, .word, .requestByte: .secondsPerUnit
    default: .seconds
    }
  }

  /// Whether its samples are not lengthened by others that want the CPUs; bytes are not either.
  fileprivate var isCPUTime: Bool {
    switch self {
    case .pickling, .word, .request, .loopRequest, .requestByte: true
    default: unit == .bytes
    }
  }
}
