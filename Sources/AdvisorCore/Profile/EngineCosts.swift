/// What it costs to run tasks on an engine outside this machine, as seen from this one.
public struct EngineCosts: Codable, Sendable, Hashable {
  /// A worker, and how many tasks it runs at once.
  public struct Worker: Codable, Sendable, Hashable {
    public var name: String
    public var host: String
    public var slots: Int

    public init(name: String, host: String, slots: Int) {
      self.name = name
      self.host = host
      self.slots = slots
    }
  }

  /// `dask` or `slurm`.
  public var engine: String
  /// The scheduler, where one was named; nil for one that is started for each run.
  public var address: String?
  /// Whether it is up before a run: nobody waits for its start then.
  public var isUp: Bool
  /// From nothing until it takes tasks, s.
  public var readySeconds: Estimate
  /// From then until the first task has come home, s.
  public var firstTaskSeconds: Estimate
  /// Of each task, for whoever hands them out one after the other, s.
  public var submissionSeconds: Estimate
  /// Of each task, on its worker, s.
  public var taskSeconds: Estimate
  /// Through the one who submits, to the workers and back.
  public var uploadBytesPerSecond: Estimate?
  public var downloadBytesPerSecond: Estimate?
  /// What each worker gets from where `io` stages download, however many do.
  public var sourceBytesPerSecond: Estimate?
  /// From worker to worker.
  public var workerBytesPerSecond: Estimate?
  /// Whether each stage of an item is a task of its own, so that whole bodies travel from worker to worker between them.
  public var shipsBodies: Bool
  public var workers: [Worker]

  public init(
    engine: String, address: String? = nil, isUp: Bool, readySeconds: Estimate, firstTaskSeconds: Estimate,
    submissionSeconds: Estimate, taskSeconds: Estimate, uploadBytesPerSecond: Estimate? = nil,
    downloadBytesPerSecond: Estimate? = nil, sourceBytesPerSecond: Estimate? = nil,
    workerBytesPerSecond: Estimate? = nil, shipsBodies: Bool = false, workers: [Worker]
  ) {
    self.engine = engine
    self.address = address
    self.isUp = isUp
    self.readySeconds = readySeconds
    self.firstTaskSeconds = firstTaskSeconds
    self.submissionSeconds = submissionSeconds
    self.taskSeconds = taskSeconds
    self.uploadBytesPerSecond = uploadBytesPerSecond
    self.downloadBytesPerSecond = downloadBytesPerSecond
    self.sourceBytesPerSecond = sourceBytesPerSecond
    self.workerBytesPerSecond = workerBytesPerSecond
    self.shipsBodies = shipsBodies
    self.workers = workers
  }

  /// Tasks that all workers together run at once.
  public var slots: Int { workers.reduce(0) { $0 + $1.slots } }

  /// Every cost under its name.
  public var namedEstimates: [(String, Estimate)] {
    let all: [(String, Estimate?)] = [
      ("start until ready", readySeconds), ("first task", firstTaskSeconds), ("submission", submissionSeconds),
      ("task", taskSeconds), ("upload", uploadBytesPerSecond), ("download", downloadBytesPerSecond),
      ("rate to the source", sourceBytesPerSecond), ("worker to worker", workerBytesPerSecond),
    ]
    return all.compactMap { name, estimate in estimate.map { ("\(engine), \(name)", $0) } }
  }
}
