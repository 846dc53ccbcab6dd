public import AdvisorCore

extension CostModel {
  /// A model that has learnt from past runs of this program's own executors in the same place.
  ///
  /// Each is held against what the profile predicts for it now, not against what was predicted then: by another profile,
  /// perhaps, or by a model that lacked a cost.
  /// - Parameter history: the oldest first.
  /// - Throws: as ``init(profile:discrepancy:)``.
  public init(profile: MachineProfile, history: some Sequence<HistoryEntry>) throws(AdvisorError) {
    guard profile.seenBy == nil else {
      self = try CostModel(profile: profile)
      return
    }
    var predictor = PastRuns(model: try CostModel(profile: profile))
    let observations = history.compactMap { predictor.observation($0) }
    self = try CostModel(profile: profile, discrepancy: Discrepancy(observations))
  }
}

/// Past runs as the model would predict them today; most are repeats of a few.
private struct PastRuns {
  private struct Way: Hashable {
    var job: String
    var plan: Plan
    var then: Conditions
  }

  private struct Conditions: Hashable {
    /// Of whole threads, so that ways repeat.
    var otherThreads: Double
    var warmMemoryBytes: Double?

    init(_ entry: HistoryEntry) {
      otherThreads = (entry.otherThreads ?? 0).rounded()
      warmMemoryBytes = entry.warmMemoryBytes
    }
  }

  private let model: CostModel
  private var models: [Conditions: CostModel] = [:]
  private var known: [Way: Expected?] = [:]

  private typealias Expected = (jobClass: JobClass, seconds: Double)

  init(model: CostModel) { self.model = model }

  /// - Returns: nil for a run that the model did not predict, or of which not all tasks succeeded.
  mutating func observation(_ entry: HistoryEntry) -> Discrepancy.Observation? {
    guard entry.unlearntSeconds != nil, entry.plan.engine == nil, entry.observed.failed == 0 else { return nil }
    let way = Way(job: entry.job, plan: entry.plan, then: Conditions(entry))
    let expected = known[way] ?? predict(way)
    known[way] = expected
    return expected.map {
      Discrepancy.Observation(
        strategy: entry.plan.strategy, workers: entry.plan.workers, jobClass: $0.jobClass,
        predictedSeconds: $0.seconds, observedSeconds: entry.observed.seconds, occasion: entry.minute)
    }
  }

  private mutating func predict(_ way: Way) -> Expected? {
    guard let job = try? Job(way.job), let outcome = try? model(of: way.then).outcome(job, way.plan) else { return nil }
    return (job.discrepancyClass, max(outcome.seconds, outcome.minSeconds))
  }

  /// What the machine is like now says nothing of then.
  private mutating func model(of then: Conditions) throws(AdvisorError) -> CostModel {
    if let known = models[then] { return known }
    var profile = model.profile
    profile.presentLoad = PresentLoad(threads: then.otherThreads)
    profile.warmMemoryBytes = then.warmMemoryBytes
    let made = try model.of(profile)
    models[then] = made
    return made
  }
}
