import AdvisorCore

/// What a strategy adds to the work itself.
struct Overheads: Sendable {
  /// Until the first worker is ready.
  var first = Cost.none
  /// Until each further one is.
  var perWorker = Cost.none
  /// CPU time that each takes then, all at once, before it can begin.
  var loading = Cost.none
  /// Of each of these, what comes with the first reply.
  var firstBody = Cost.none
  /// What each of a connection's first replies takes longer, while its buffer grows, where no other fills the gap.
  var bufferGrowth = Cost.none
  /// What several threads that ask take longer for their first ``FixedCost/requestsUntilInStep`` requests, all together.
  var inStep = Cost.none
  /// Of each chunk, to the worker that asks for it.
  var perChunk = Cost.none
  /// Of each chunk, to the one thread that hands them out.
  var perChunkOfDispatcher = Cost.none
  /// CPU time of each task beside its work.
  var perTask = Cost.none
  /// Of each task's CPU time, to start its program: part of what the kernel has recorded of it.
  var spawn = Cost.none
  /// CPU time to start and end one worker.
  var cpuPerWorker = 0.0
  /// Resident memory of the program, and of each worker beside its tasks.
  var base = Cost.none
  var memoryPerWorker = Cost.none

  /// One addition to a counter that threads contend for, when its cache line comes from another core: half of its way there and
  /// back. Where that was not measured, of the 100 to 300 cycles that it takes (David, Guerraoui and Trigonakis, "Everything
  /// you always wanted to know about synchronization", SOSP 2013, table 2).
  private static func contendedAddition(_ costs: CostBook) -> Cost {
    costs.fixed(.cacheLineRoundTrip)?.scaled(by: 0.5) ?? Cost(value: 80e-9, error: .exact)
  }

  /// Replies of a MiB for which a body counts while a connection's buffer grows; a small one fits in what it begins with: 51 of
  /// 256 KiB took 3.8 ms, as over a grown one, 16 of a MiB 5.5 ms instead of 2.7.
  private static func repliesThatGrow(_ bytes: Double) -> Double { max(0, bytes - 0x1p18) / (0x1p20 - 0x1p18) }

  /// Part of what a connection's first MiB adds that its first body does. Beside 43 µs of a MiB, bodies of 64 KiB on connections of
  /// their own added 2 to 9 µs each on some 20 connections and 5 to 31 on 60 to 70, bodies of 256 KiB 11 and 25 to 34.
  private static func shareOfFirstMebibyte(_ bytes: Double) -> Double { min(1, (bytes / 0x1p20).squareRoot()) }

  /// One loop begins to open all its connections before it sends the first request, and sends them closer to each other. With requests
  /// as far apart as openings, 40 and 100 of them 40 and 20 ms away took 11 µs a connection longer than predicted in eight
  /// verifications of one guest of 2 CPUs, and 25 µs in those of another, where opening took 42 µs and a reply 20 to 34 (AMD EPYC of
  /// families 26 and 25).
  static let shareOfOpeningBetweenSends = 0.5

  /// Until a connection's buffer has grown, in replies of a MiB.
  static let growingReplies = 16.0

  /// A run's code and its first workload come into memory page by page, which no calibration of a warm program sees. It took 34
  /// to 47 µs where a page fault took 1.67 µs, and with requests, whose code and server are cold as well, 60 to 130 more where one
  /// took 1.3; how many pages it is elsewhere is a guess to a factor of two.
  private static func firstPages(_ costs: CostBook, asks: Bool) -> Cost {
    guard let fault = costs.fixed(.pageFault) else { return .none }
    let count = asks ? 84.0 : 24
    let pages = Estimate(value: count, low: count / 2, high: 1.5 * count, samples: 5, unit: .ratio)
    return Cost(value: pages.value * fault.value, error: ErrorSource("first pages", pages))
  }

  /// Of the larger part of a worker's start.
  var startError: ErrorSource { (perWorker + loading).error }

  init() {}

  /// - Throws: `.badData` where the profile lacks the cost of a worker of this strategy.
  init(_ strategy: Strategy, _ demand: TaskDemand, _ costs: CostBook) throws(AdvisorError) {
    if let runtime = costs.profile.seenBy {
      self = try Overheads(strategy, demand, in: runtime)
      return
    }
    base = costs.fixed(.memoryPerProcess) ?? .none
    first = Self.firstPages(costs, asks: demand.httpBytes != nil)
    if let bytes = demand.httpBytes {
      // The request's own time is in the measured curve; a connection is opened once a worker, which but for slots of one loop has
      // a loop of its own.
      firstBody = (costs.fixed(.httpFirstMebibyte) ?? .none).scaled(by: Self.shareOfFirstMebibyte(bytes))
      let connect = costs.fixed(.httpConnect) ?? .none
      first = first + connect + firstBody
      perWorker = (strategy == .async ? costs.fixed(.httpOpen) ?? connect : connect) + firstBody
      bufferGrowth = (costs.fixed(.httpBufferGrowth) ?? .none).scaled(by: Self.repliesThatGrow(bytes))
    }
    first = first + Self.delay(strategy, demand, beside: costs.others)
    switch strategy {
    case .sequential: break
    case .threads, .pipeline:
      let thread = try costs.needed(.threadStart, "the start of a thread", .crossCPU)
      // A profile from before this was measured has no such cost.
      perWorker = perWorker + (costs.fixed(.teamStart) ?? thread)
      perChunk = Self.contendedAddition(costs)
      memoryPerWorker = costs.fixed(.memoryPerThread) ?? .none
    case .tasks:
      // The pool starts its threads as tasks come, and the caller sleeps until the last has ended.
      let thread = try costs.needed(.threadStart, "the start of a thread", .crossCPU)
      perWorker = perWorker + thread + (try costs.needed(.taskHop, "the start of a Swift task"))
      first = first + (costs.fixed(.futexRoundTrip, .crossCPU) ?? thread)
      memoryPerWorker = costs.fixed(.memoryPerThread) ?? .none
      perChunk = Self.contendedAddition(costs)
    case .async:
      perTask = demand.httpBytes == nil ? costs.fixed(.loopOperation) ?? costs.fixed(.taskHop) ?? .none : .none
    case .processes:
      try setProcesses(demand, costs)
    }
    if strategy == .threads, demand.httpBytes != nil { inStep = settling(costs) }
    if demand.programs > 0 { spawn = costs.fixed(.processSpawn)?.scaled(by: Double(demand.programs)) ?? .none }
    cpuPerWorker = perWorker.value + loading.value
  }

  /// What a run waits for its first turn at CPUs that others want, too.
  private static func delay(_ strategy: Strategy, _ demand: TaskDemand, beside others: OtherLoad) -> Cost {
    // Of programs their own pilot tells.
    guard demand.programs == 0 else { return .none }
    switch strategy {
    case .threads, .pipeline, .tasks, .processes: return Cost(value: others.startDelay, error: .exact)
    case .sequential, .async: return Cost(value: demand.httpBytes == nil ? 0 : others.wakeDelay, error: .exact)
    }
  }

  /// What threads that ask take until they are in step, beside the start of each of those of which it was measured.
  private func settling(_ costs: CostBook) -> Cost {
    (costs.fixed(.httpTeam) ?? .none).less(first.value + Double(FixedCost.askingTeam - 1) * perWorker.value)
  }

  private mutating func setProcesses(_ demand: TaskDemand, _ costs: CostBook) throws(AdvisorError) {
    // Commands are started one a task; there is no pool to fill first.
    guard demand.programs == 0 else { return }
    let spawn = try costs.needed(.workerSpawn, "the start of a worker process")
    let each = costs.fixed(.poolStart) ?? spawn
    // A profile from before this was measured has no such cost.
    if demand.httpBytes != nil { loading = costs.fixed(.httpLoad) ?? .none }
    first = first + each
    perWorker = perWorker + each
    perChunk = try costs.needed(.pipeRoundTrip, "a round trip through a pipe", .crossCPU)
    memoryPerWorker = costs.fixed(.memoryPerProcess) ?? .none
  }
}

extension Cost {
  static let none = Cost(value: 0, error: .exact)

  func scaled(by factor: Double) -> Cost { Cost(value: value * factor, error: error) }

  /// What is left of it beside costs that it contains.
  func less(_ known: Double) -> Cost { Cost(value: max(0, value - known), error: error) }

  /// The sum, with the error of the larger.
  static func + (a: Cost, b: Cost) -> Cost {
    Cost(value: a.value + b.value, error: a.value >= b.value ? a.error : b.error)
  }
}

extension CostBook {
  func needed(
    _ name: FixedCost.Name, _ what: String, _ placement: FixedCost.Placement? = nil
  ) throws(AdvisorError) -> Cost {
    guard let cost = fixed(name, placement) else { throw .missing("\(what) (\(name.rawValue))", level: .quick) }
    return cost
  }
}
