public import AdvisorCore
internal import Statistics

/// Finds the best candidate in few runs: what was run → what to run next, or why to stop.
///
/// The start runs first. Each run re-weighs what is plausible; the next is where the expected improvement per root of a second is
/// largest, and a change is claimed only after start and change have both run often enough (docs/model.md, 13).
public struct Tuner: Sendable {
  public enum Step: Sendable, Hashable {
    /// The index of the candidate to run next.
    case run(Int)
    case stop(TuningReport.Stop)
  }

  public struct Settings: Sendable {
    public var objective = Objective.time
    /// CPUs that the command may use.
    public var cpus: Int
    public var maxRuns = 10
    /// Bytes that the process tree may use; nil is no limit.
    public var memoryLimit: Double?
    public var seed: UInt64 = 1
    /// Fewer curves are quicker, and choose a little worse.
    package var curves = CurveTable.standardCount

    public init(cpus: Int) { self.cpus = cpus }
  }

  public internal(set) var candidates: [KnobSetting]
  /// Index of the candidate that runs first, and that the gain is measured against.
  public let start: Int
  public private(set) var runs: [TrialRun] = []
  public private(set) var step: Step
  public let settings: Settings
  let space: Space
  var posterior: Posterior
  private(set) var sightings: [Sighting] = []
  private(set) var memory: MemoryLine?
  private(set) var failed: Set<Int> = []
  private var confirmations = 0
  /// What stopping would have cost after each run.
  private var losses: [Double] = []
  var hasWidened = false
  private var random: Xoshiro
  private(set) var draws: TimeDraws?
  private(set) var decision: Decision?

  enum Space: Sendable {
    /// Numbers of workers: one tells about the others.
    case workers
    case unrelated
    /// Workers and threads of each.
    case pairs(allowed: [Set<Int>?])
  }

  /// It is over when stopping is expected to cost less than this share, but not before the first runs.
  private static let maxLoss = 0.01
  private static let minRuns = 2
  /// It is over, too, when stopping costs less than this share and two more runs have taken less than the other off it: what is left
  /// is the noise between values that are about as good.
  static let maxStalledLoss = 0.025
  private static let minProgress = 0.15
  private static let minRunsToStall = 5
  private static let maxConfirmations = 3
  /// A gain counts that is above nothing with this doubt at most, and that is worth a change.
  static let doubt = 0.03
  static let minGain = 0.025

  /// Chooses a number of workers.
  ///
  /// - Parameters:
  ///   - workers: the candidates, in any order.
  ///   - start: the candidate nearest to it runs first; by default the number of CPUs.
  public init(workers: [Int], start: Int? = nil, settings: Settings) {
    let counts = Set(workers).sorted()
    let wanted = start ?? settings.cpus
    let first = counts.indices.min { abs(counts[$0] - wanted) < abs(counts[$1] - wanted) } ?? 0
    let table = CurveTable(count: settings.curves, cpus: settings.cpus, measure: settings.objective.measure)
    self.init(counts.map { KnobSetting(workers: $0) }, first, .workers, Posterior(table), settings)
  }

  /// Chooses from values that tell nothing about one another.
  public init(unrelated candidates: [KnobSetting], start: Int = 0, settings: Settings) {
    self.init(candidates, start, .unrelated, .unrelated, settings)
  }

  /// Chooses a number of workers and one of threads in each: first with a thread for each CPU, then about the best of those where
  /// it left CPUs idle. More threads than CPUs may be twenty times slower where they wait for each other.
  ///
  /// - Parameters:
  ///   - allowed: the values of each knob; nil is any.
  ///   - start: the pair that runs first; by default a worker with one thread for each CPU.
  public init(pairsAllowed allowed: [Set<Int>?], start: [Int]? = nil, settings: Settings) {
    let cpus = settings.cpus
    let diagonal = (1...cpus).filter { cpus.isMultiple(of: $0) }.map { [cpus / $0, $0] }
    let pairs = diagonal.filter { Self.allows(allowed, $0) }
    let usual = pairs.isEmpty ? [allowed.map { $0?.min() ?? 1 }] : pairs
    let all = usual + (start.map { usual.contains($0) ? [] : [$0] } ?? [])
    let first = start.flatMap { all.firstIndex(of: $0) } ?? 0
    self.init(all.map(KnobSetting.init(pair:)), first, .pairs(allowed: allowed), .unrelated, settings)
  }

  private init(
    _ candidates: [KnobSetting], _ start: Int, _ space: Space, _ posterior: Posterior, _ settings: Settings
  ) {
    (self.candidates, self.start, self.space, self.settings) = (candidates, start, space, settings)
    self.posterior = posterior
    for candidate in candidates { self.posterior.addCandidate(workers: candidate.workers) }
    memory = settings.memoryLimit.map { MemoryLine(limit: $0) }
    random = Xoshiro(seed: settings.seed)
    step = candidates.isEmpty || settings.maxRuns < 1 ? .stop(.infeasible) : .run(start)
  }

  /// Starts from the runs of an earlier search among the same candidates: they tell which curves are likely, not how fast the command
  /// is today. To be called before the first run.
  public mutating func recall(_ runs: [TrialRun]) {
    let usual = Self.usualOthers(runs)
    let sightings = runs.compactMap {
      settings.objective.sighting($0, isDirty: $0.isDisturbed(beyond: usual))
    }
    if !sightings.isEmpty { posterior.recall(sightings) }
  }

  /// Takes a run in and decides anew.
  public mutating func record(_ run: TrialRun) {
    runs.append(run)
    let usual = usualOthersSeconds
    sightings = runs.compactMap { settings.objective.sighting($0, isDirty: $0.isDisturbed(beyond: usual)) }
    if settings.objective.sighting(run, isDirty: false) == nil {
      rule(out: run.candidate)
    } else if let peak = run.maxRSSBytes {
      memory?.add(workers: candidates[run.candidate].workers, peak: peak)
    }
    step = decided()
  }

  /// CPU seconds that others use in every run though they use none before: a server that the command talks to, which disturbs none.
  var usualOthersSeconds: Double { Self.usualOthers(runs) }

  /// The same, where it would have made a run look disturbed.
  var servedSeconds: Double? {
    let usual = usualOthersSeconds
    return runs.contains { $0.isDisturbed(beyond: 0) && !$0.isDisturbed(beyond: usual) } ? usual : nil
  }

  func isDisturbed(_ run: TrialRun) -> Bool { run.isDisturbed(beyond: usualOthersSeconds) }

  private static func usualOthers(_ runs: [TrialRun]) -> Double {
    guard runs.count > 2, runs.allSatisfy(\.beganQuiet) else { return 0 }
    return max(0, runs.map(\.othersCPUSeconds).min() ?? 0)
  }

  /// A value that fails rules out itself, and of numbers of workers all larger ones.
  private mutating func rule(out candidate: Int) {
    switch space {
    case .workers:
      let workers = candidates[candidate].workers
      failed.formUnion(candidates.indices.filter { candidates[$0].workers >= workers })
    case .unrelated, .pairs: failed.insert(candidate)
    }
  }

  private mutating func decided() -> Step {
    guard !sightings.isEmpty else { return afterFailures() }
    addLargestFitting()
    let draws = posterior.sample(sightings, random: &random)
    self.draws = draws
    guard let decision = decided(by: draws) else { return afterFailures() }
    self.decision = decision
    losses.append(decision.loss)
    let isSettled = runs.count >= Self.minRuns && decision.loss < Self.maxLoss
    let isDone = isSettled || isStalled
    if runs.count >= settings.maxRuns {
      return .stop(isSettled && confirmation(of: decision.best, draws) == nil ? .settled : .maxRuns)
    }
    if isDone || runs.count >= settings.maxRuns - 2, let confirmed = confirmation(of: decision.best, draws) {
      confirmations += 1
      return .run(confirmed)
    }
    guard isDone else { return .run(decision.next) }
    return addNeighbours(of: decision.best) ? decided() : .stop(isSettled ? .settled : .stalled)
  }

  /// Whether the last two runs have hardly told anything.
  private var isStalled: Bool {
    guard losses.count >= Self.minRunsToStall, let last = losses.last, last < Self.maxStalledLoss else { return false }
    return last > (1 - Self.minProgress) * losses[losses.count - 3]
  }

  /// Nil where no candidate that has run is feasible any more.
  func decided(by draws: TimeDraws) -> Decision? {
    let feasible = candidates.indices.map { isFeasible($0) }
    let counts = candidates.indices.map { candidate in sightings.count { $0.candidate == candidate } }
    guard candidates.indices.contains(where: { feasible[$0] && counts[$0] > 0 }) else { return nil }
    let maxWorkers = memory?.maxWorkers ?? .infinity
    let allowed = candidates.map { Double($0.workers) <= maxWorkers }
    let order = candidates.indices.sorted { one, other in
      space.isOrdered ? candidates[one].workers < candidates[other].workers : one < other
    }
    return Decision(
      draws, order: order, feasible: feasible, allowed: allowed, runs: counts, start: start,
      isCautious: settings.objective == .p90)
  }

  /// The largest number of workers that fits into memory, as far as the runs tell; nil without a limit.
  var maxWorkersInMemory: Double? { memory.map(\.maxWorkers).flatMap { $0.isFinite ? $0 : nil } }

  func isFeasible(_ candidate: Int) -> Bool {
    guard !failed.contains(candidate), let memory, sightings.contains(where: { $0.candidate != sightings[0].candidate })
    else { return !failed.contains(candidate) }
    return Double(candidates[candidate].workers) <= memory.maxWorkers
  }

  /// Where nothing has worked yet: of numbers of workers half as many, else the next that has not run.
  private func afterFailures() -> Step {
    let left = candidates.indices.filter { !failed.contains($0) }
    guard runs.count < settings.maxRuns, let last = runs.last, !left.isEmpty else { return .stop(.infeasible) }
    guard space.isOrdered else { return .run(left[0]) }
    let half = candidates[last.candidate].workers / 2
    let smaller = left.filter { candidates[$0].workers <= half }.max { candidates[$0].workers < candidates[$1].workers }
    return .run(smaller ?? left.min { candidates[$0].workers < candidates[$1].workers } ?? left[0])
  }

  /// A change is confirmed where start and change may still be the other way round: by the one that has run less often.
  private func confirmation(of best: Int, _ draws: TimeDraws) -> Int? {
    guard best != start, isFeasible(start), confirmations < Self.maxConfirmations else { return nil }
    let gains = draws.sortedDifferences(start, less: best)
    let counts = [start, best].map { one in sightings.count { $0.candidate == one && !$0.isDirty } }
    // One run may have been fast by luck.
    if sightings.count(where: { $0.candidate == best }) < 2 { return best }
    guard let low = gains.quantileOfSorted(Self.doubt), low <= 0 else { return nil }
    return counts[0] <= counts[1] ? start : best
  }
}

extension Tuner.Space {
  fileprivate var isOrdered: Bool { if case .workers = self { true } else { false } }
}

extension KnobSetting {
  init(pair: [Int]) { self.init(values: pair.map { "\($0)" }, counts: pair) }
}
