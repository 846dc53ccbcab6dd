/// One past run, as it is remembered.
public struct HistoryEntry: Codable, Sendable, Hashable {
  /// ISO 8601, UTC.
  public var at: String
  /// Of the place where it ran.
  public var fingerprint: String
  public var job: String
  /// Jobs that the model is likely to misjudge alike.
  public var jobClass: String
  public var plan: Plan
  /// As it was shown; nil for commands and downloads that were over before anything could be predicted.
  public var predicted: Prediction.Seconds?
  /// The median that the model predicts without having learnt from past runs, seconds; nil where the prediction is made of
  /// the run's own first tasks, so that the model has nothing to learn from it.
  public var unlearntSeconds: Double?
  /// Standard deviation of the logarithm of that prediction.
  public var spread: Double
  /// CPU time as it was predicted; nil where nothing was, and for runs from before this was kept.
  public var predictedCPUSeconds: Double?
  public var observed: RunOutcome
  /// Threads of others that wanted the CPUs when it began; nil where nobody looked.
  public var otherThreads: Double?
  /// Bytes of memory that had not rested when it began; nil where nobody looked.
  public var warmMemoryBytes: Double?

  public init(
    at: String, fingerprint: String, job: String, jobClass: String, plan: Plan, predicted: Prediction.Seconds?,
    unlearntSeconds: Double?, spread: Double, predictedCPUSeconds: Double? = nil, observed: RunOutcome,
    otherThreads: Double? = nil, warmMemoryBytes: Double? = nil
  ) {
    self.at = at
    self.fingerprint = fingerprint
    self.job = job
    self.jobClass = jobClass
    self.plan = plan
    self.predicted = predicted
    self.unlearntSeconds = unlearntSeconds
    self.spread = spread
    self.predictedCPUSeconds = predictedCPUSeconds
    self.observed = observed
    self.otherThreads = otherThreads
    self.warmMemoryBytes = warmMemoryBytes
  }

  /// Whether a run can have been so. Else the row was damaged, and would spoil what is learnt from the others.
  public var isPlausible: Bool {
    let isOrdered = predicted.map { $0.p5 > 0 && $0.p5 <= $0.p50 && $0.p50 <= $0.p95 && $0.p95.isFinite } ?? true
    return isOrdered && [observed.seconds, unlearntSeconds ?? 1].allSatisfy { $0 > 0 && $0.isFinite }
      && [observed.cpuSeconds, spread].allSatisfy { $0 >= 0 && $0.isFinite }
      && [observed.tasks, observed.failed, observed.maxRSSBytes ?? 0].allSatisfy { $0 >= 0 } && plan.workers > 0
  }

  /// The minute of ``at``: runs of one share what the host did then.
  public var minute: String { String(at.prefix(16)) }

  /// Observed over predicted median, less one; nil where nothing was predicted.
  public var error: Double? { predicted.map { observed.seconds / $0.p50 - 1 } }

  /// What was off about a run that left its 90 % interval; nil for one that did not.
  public enum Miss: String, Codable, Sendable, CaseIterable {
    /// The CPU time of the tasks: what they cost was not known.
    case work
    /// The time beside it: waits, and other processes.
    case waiting
    /// The run is from before predicted CPU time was kept.
    case unknown
  }

  /// The CPU time, where that was off by at least half as much as the time, else what was waited for.
  public var miss: Miss? {
    guard isCovered == false, let predicted else { return nil }
    guard let predictedCPUSeconds, predictedCPUSeconds > 0, observed.cpuSeconds > 0 else { return .unknown }
    func distance(_ a: Double, _ b: Double) -> Double { max(a, b) / min(a, b) - 1 }
    let time = distance(observed.seconds, predicted.p50)
    return distance(observed.cpuSeconds, predictedCPUSeconds) >= time / 2 ? .work : .waiting
  }

  /// Whether the run ended within the 90 % interval; nil where nothing was predicted.
  public var isCovered: Bool? { predicted.map { ($0.p5...$0.p95).contains(observed.seconds) } }
}

/// Past runs, tunings and pilots (`advisor.history/1`), newest first.
public struct HistoryList: Codable, Sendable, Hashable {
  public static let schema = "advisor.history/1"

  public var schema = Self.schema
  public var path: String
  /// How many runs there are in all.
  public var total: Int
  /// Of the runs shown that left their 90 % interval, how many did so by what.
  public var misses: [String: Int]
  public var runs: [HistoryEntry]
  public var tunings: [TuningEntry]
  public var pilots: [PilotEntry]

  public init(
    path: String, total: Int, runs: [HistoryEntry], tunings: [TuningEntry] = [], pilots: [PilotEntry] = []
  ) {
    self.path = path
    self.total = total
    misses = Dictionary(grouping: runs.compactMap { $0.miss?.rawValue }, by: { $0 }).mapValues(\.count)
    self.runs = runs
    self.tunings = tunings
    self.pilots = pilots
  }
}
