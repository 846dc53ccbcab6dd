package import AdvisorCore

extension WorkerController {
  /// What bounds the number of workers.
  package struct Limits: Sendable, Hashable {
    /// CPUs' worth of time, above 0; a fraction under a quota.
    var cpus: Double
    /// The most workers, and what sets that bound.
    package var limit: WorkerLimit
    /// Memory for all tasks together; nil where it is not known.
    var memoryBytes: Double?
    /// A task's first moments are its start, not its work, and are not looked at.
    package var minLookSeconds = 0.005
    /// The most workers by looks at tasks alone: what waits now may compute later.
    package var maxByLook = 64

    /// At least 1, whose start will say what it lacks.
    var maxWorkers: Int { max(1, limit.count) }

    package init(
      cpus: Double, limit: WorkerLimit, memoryBytes: Double? = nil,
      minLookSeconds: Double = 0.005, maxByLook: Int = 64
    ) {
      self.cpus = cpus
      self.limit = limit
      self.memoryBytes = memoryBytes
      self.minLookSeconds = minLookSeconds
      self.maxByLook = maxByLook
    }
  }

  /// What a task has used, so far or in all.
  package struct Usage: Sendable, Hashable {
    package var wallSeconds: Double
    package var cpuSeconds: Double
    /// Time in which it could have run but had no CPU; not a wait that more workers could fill.
    package var queuedSeconds = 0.0
    package var memoryBytes = 0.0
    /// CPU time that the one thread which runs all tasks has spent on this one.
    var dispatchSeconds = 0.0
    /// Tasks at once, itself among them.
    var running = 1

    package init(
      wallSeconds: Double, cpuSeconds: Double, queuedSeconds: Double = 0.0, memoryBytes: Double = 0.0,
      dispatchSeconds: Double = 0.0, running: Int = 1
    ) {
      self.wallSeconds = wallSeconds
      self.cpuSeconds = cpuSeconds
      self.queuedSeconds = queuedSeconds
      self.memoryBytes = memoryBytes
      self.dispatchSeconds = dispatchSeconds
      self.running = running
    }
  }

  /// Sums over tasks.
  package struct Total: Sendable, Hashable {
    package private(set) var count = 0
    package private(set) var wallSeconds = 0.0
    package private(set) var busySeconds = 0.0
    private(set) var cpuSeconds = 0.0
    private(set) var dispatchSeconds = 0.0
    private(set) var waitSeconds = 0.0
    private var squares = 0.0
    private var workerSeconds = 0.0
    /// Queues are told by ticks and by looks: beside others that use the CPUs, this share of a queue would seem a long wait to
    /// tasks that compute little.
    private static let queueError = 0.1

    package init() {}

    package mutating func add(_ usage: Usage) {
      count += 1
      wallSeconds += usage.wallSeconds
      cpuSeconds += usage.cpuSeconds
      dispatchSeconds += usage.dispatchSeconds
      // The dispatcher is at work when a task's time begins, and before it ends.
      let busy = usage.cpuSeconds + usage.queuedSeconds + usage.dispatchSeconds
      busySeconds += min(usage.wallSeconds, busy)
      waitSeconds += max(0, usage.wallSeconds - busy - Self.queueError * usage.queuedSeconds)
      squares += usage.wallSeconds * usage.wallSeconds
      workerSeconds += Double(usage.running) * usage.wallSeconds
    }

    /// CPUs that they and the dispatcher have kept busy, by how many ran at once.
    var busyCPUs: Double {
      wallSeconds > 0 ? (cpuSeconds + dispatchSeconds) / wallSeconds * (workerSeconds / wallSeconds) : 0
    }

    var waitShare: Double { wallSeconds > 0 ? waitSeconds / wallSeconds : 0 }

    /// The relative standard error of the mean time of a task.
    var relativeError: Double {
      guard count > 1, wallSeconds > 0 else { return 1 }
      let mean = wallSeconds / Double(count)
      let variance = max(0, squares / Double(count) - mean * mean)
      return (variance / Double(count)).squareRoot() / mean
    }
  }
}
