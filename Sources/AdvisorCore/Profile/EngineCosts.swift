/// What it costs to run tasks on an engine outside this machine, as seen from this one.
public struct EngineCosts: Codable, Sendable, Hashable {
  /// A worker, and how many tasks it runs at once.
  public struct Worker: Codable, Sendable, Hashable {
    public var name: String
    public var host: String
    public var slots: Int
    /// What advisor found there; nil where it was not asked, or is not installed.
    public var probe: Probe?

    public init(name: String, host: String, slots: Int, probe: Probe? = nil) {
      self.name = name
      self.host = host
      self.slots = slots
      self.probe = probe
    }
  }

  /// A worker's machine, as advisor found it there.
  public struct Probe: Codable, Sendable, Hashable {
    public var model: String?
    /// CPUs that the worker may use, its quota considered.
    public var effectiveCPUs: Double
    public var memoryBytes: Int
    /// CPU time of one unit of the reference kernel while all slots of the engine were busy, s/unit; nil where not timed.
    public var secondsPerUnit: Estimate?

    public init(model: String?, effectiveCPUs: Double, memoryBytes: Int, secondsPerUnit: Estimate? = nil) {
      self.model = model
      self.effectiveCPUs = effectiveCPUs
      self.memoryBytes = memoryBytes
      self.secondsPerUnit = secondsPerUnit
    }
  }

  /// `dask` or `slurm`.
  public var engine: String
  /// The scheduler, where one was named; nil for one that is started for each run.
  public var address: String?
  /// Whether it is up before a run, which then only has to reach it.
  public var isUp: Bool
  /// When it was measured, in ISO 8601.
  public var measuredAt: String
  /// From the start of a run until the engine takes its tasks, s: its own start, or that of the connection to one that is up.
  public var readySeconds: Estimate
  /// From then until the first task has come home, s.
  public var firstTaskSeconds: Estimate
  /// Dispatcher's time per call (a task or a chunk), in seconds; calls are handed out one at a time.
  public var submissionSeconds: Estimate
  /// Worker's overhead per call, in seconds.
  public var taskSeconds: Estimate
  /// Worker's overhead per task of a call, in seconds; nil where negligible.
  public var itemSeconds: Estimate?
  /// Bandwidth from the submitter to the workers and back, in bytes a second.
  public var uploadBytesPerSecond: Estimate?
  public var downloadBytesPerSecond: Estimate?
  /// What each worker gets from where `io` stages download, however many do.
  public var sourceBytesPerSecond: Estimate?
  /// From worker to worker.
  public var workerBytesPerSecond: Estimate?
  /// Whether each stage of an item is a task of its own, so that whole bodies travel from worker to worker between them.
  public var shipsBodies: Bool
  public var workers: [Worker]
  /// What makes these figures doubtful.
  @Coded public var quality: [ProfileWarning]

  public init(
    engine: String, address: String? = nil, isUp: Bool, measuredAt: String, readySeconds: Estimate,
    firstTaskSeconds: Estimate, submissionSeconds: Estimate, taskSeconds: Estimate, itemSeconds: Estimate? = nil,
    uploadBytesPerSecond: Estimate? = nil, downloadBytesPerSecond: Estimate? = nil,
    sourceBytesPerSecond: Estimate? = nil, workerBytesPerSecond: Estimate? = nil, shipsBodies: Bool = false,
    workers: [Worker], quality: [ProfileWarning] = []
  ) {
    self.engine = engine
    self.address = address
    self.isUp = isUp
    self.measuredAt = measuredAt
    self.readySeconds = readySeconds
    self.firstTaskSeconds = firstTaskSeconds
    self.submissionSeconds = submissionSeconds
    self.taskSeconds = taskSeconds
    self.itemSeconds = itemSeconds
    self.uploadBytesPerSecond = uploadBytesPerSecond
    self.downloadBytesPerSecond = downloadBytesPerSecond
    self.sourceBytesPerSecond = sourceBytesPerSecond
    self.workerBytesPerSecond = workerBytesPerSecond
    self.shipsBodies = shipsBodies
    self.workers = workers
    self.quality = quality
  }

  /// What tells it from others in a profile: `dask`, or `dask at tcp://HOST:PORT`.
  public var name: String { Self.name(engine, at: address) }

  /// ``name`` of an engine at an address, or of one that is started for each run.
  public static func name(_ engine: String, at address: String?) -> String {
    address.map { "\(engine) at \($0)" } ?? engine
  }

  /// Tasks that all workers together run at once.
  public var slots: Int { workers.reduce(0) { $0 + $1.slots } }

  /// Every cost under its name.
  public var namedEstimates: [(String, Estimate)] {
    let all: [(String, Estimate?)] = [
      ("start until ready", readySeconds), ("first task", firstTaskSeconds), ("submission", submissionSeconds),
      ("task", taskSeconds), ("task in a chunk", itemSeconds), ("upload", uploadBytesPerSecond),
      ("download", downloadBytesPerSecond),
      ("rate to the source", sourceBytesPerSecond), ("worker to worker", workerBytesPerSecond),
    ]
    return all.compactMap { name, estimate in estimate.map { ("\(self.name), \(name)", $0) } }
  }
}
