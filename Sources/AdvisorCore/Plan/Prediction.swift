/// What a candidate is expected to take.
public struct Prediction: Codable, Sendable, Hashable {
  /// The 5th, 50th and 95th percentile.
  public struct Seconds: Codable, Sendable, Hashable {
    public var p5: Double
    public var p50: Double
    public var p95: Double

    public init(p5: Double, p50: Double, p95: Double) {
      self.p5 = p5
      self.p50 = p50
      self.p95 = p95
    }

    /// The 90 % interval.
    public var interval: ClosedRange<Double> { p5...max(p5, p95) }
  }

  /// A named part of the time; the parts add up to the median.
  public struct Part: Codable, Sendable, Hashable {
    public var name: String
    public var seconds: Double

    public init(name: String, seconds: Double) {
      self.name = name
      self.seconds = seconds
    }
  }

  public var seconds: Seconds
  /// CPU time of all workers together.
  public var cpuSeconds: Double
  public var memoryBytes: Double
  public var fixedSeconds: Double
  public var variableSeconds: Double
  public var breakdown: [Part]

  public init(
    seconds: Seconds, cpuSeconds: Double, memoryBytes: Double, fixedSeconds: Double, variableSeconds: Double,
    breakdown: [Part]
  ) {
    self.seconds = seconds
    self.cpuSeconds = cpuSeconds
    self.memoryBytes = memoryBytes
    self.fixedSeconds = fixedSeconds
    self.variableSeconds = variableSeconds
    self.breakdown = breakdown
  }
}

/// What keeps a candidate from being faster.
public enum BindingLimit: String, Codable, Sendable {
  case cores, quota, memoryBandwidth = "memory bandwidth", ioBandwidth = "IO bandwidth", latency, memory
  case startUp = "start-up", dispatch, tasks, disk
  /// A limit on this process, such as that on open files.
  case process = "process limits"
}

/// One strategy and worker count, with what it would take.
public struct Candidate: Codable, Sendable, Hashable {
  public var strategy: Strategy
  /// The engine outside this machine that has the workers; nil for this machine.
  public var engine: String?
  public var workers: Int
  public var chunk: Int
  public var stageWorkers: [Int]?
  public var predicted: Prediction
  /// Against the sequential candidate.
  public var speedup: Double
  public var bindingLimit: BindingLimit

  public init(
    strategy: Strategy, engine: String? = nil, workers: Int, chunk: Int, stageWorkers: [Int]? = nil,
    predicted: Prediction, speedup: Double, bindingLimit: BindingLimit
  ) {
    self.strategy = strategy
    self.engine = engine
    self.workers = workers
    self.chunk = chunk
    self.stageWorkers = stageWorkers
    self.predicted = predicted
    self.speedup = speedup
    self.bindingLimit = bindingLimit
  }
}

/// The advice, as values; Reports writes it with its sentences.
public struct Recommendation: Sendable, Hashable {
  public struct ProfileReference: Codable, Sendable, Hashable {
    public var id: String
    public var path: String?

    public init(id: String, path: String?) {
      self.id = id
      self.path = path
    }
  }

  public var job: Job
  public var profile: ProfileReference
  public var recommended: Candidate
  /// The others, best first.
  public var alternatives: [Candidate]
  /// Share of the draws in which the recommended candidate is within 5 % of the best.
  public var confidence: Double
  /// Why the recommended candidate's interval is as wide as it is.
  public var intervalSplit: IntervalSplit?
  /// Most telling first.
  public var reasons: [Reason]
  public var caveats: [Caveat]
  /// The same for a program of another runtime; nil where this program's own executors were meant.
  public var runtime: RuntimeAdvice?

  public init(
    job: Job, profile: ProfileReference, recommended: Candidate, alternatives: [Candidate], confidence: Double,
    intervalSplit: IntervalSplit? = nil, reasons: [Reason], caveats: [Caveat], runtime: RuntimeAdvice? = nil
  ) {
    self.job = job
    self.profile = profile
    self.recommended = recommended
    self.alternatives = alternatives
    self.confidence = confidence
    self.intervalSplit = intervalSplit
    self.reasons = reasons
    self.caveats = caveats
    self.runtime = runtime
  }
}
