/// Why a way of running a job was chosen, and what would change that: codes with figures, of which Reports makes sentences.
///
/// Figures are in seconds, bytes and CPUs; a share is 0...1.
public enum Reason: Codable, Sendable, Hashable {
  // What binds the chosen way. A share is that of its expected seconds.

  /// CPU time of all workers, the speedup of that many CPUs over one here, and the share of them that other processes leave.
  case cores(cpuSeconds: Double, cpus: Int, speedup: Double, freeShare: Double)
  case oneWorker(cpuSeconds: Double, seconds: Double)
  /// A CPU quota in CPUs, and the file that sets it.
  case quota(cpus: Double, source: String?, throttledShare: Double)
  case memoryBandwidth(share: Double, seconds: Double, workers: Int)
  case transfers(share: Double, seconds: Double)
  case disk(share: Double, seconds: Double)
  case latency(share: Double, seconds: Double)
  case oneTask(seconds: Double)
  /// All tasks are under way at once, so that the longest decides.
  case longestTask(tasks: Int, seconds: Double)
  /// The memory that may be used, and the workers that fit into it.
  case memory(bytes: Double, workers: Int)
  case processLimit(limit: WorkerLimit)
  /// Workers write to their memory for the first time.
  case firstTouch(share: Double, seconds: Double)
  case startUp(share: Double, seconds: Double)
  case dispatch(share: Double, seconds: Double)

  // The other ways, against the chosen one.

  case equallyFast(plan: Plan)
  /// Another way would be faster, but not better for what is to be minimized.
  case worseForObjective(plan: Plan, objective: String)
  /// Another way's extra seconds, their share of the chosen way's, and the part of the time that grows most.
  case slower(plan: Plan, seconds: Double, share: Double, mostly: Prediction.Part?)
  /// Seconds per task above which the strategy, and processes, are faster than one task after the other.
  case breakEven(strategy: Strategy, tasks: Int, seconds: Double, processesSeconds: Double?, taskSeconds: Double)
  /// More workers gain nothing, and fewer would take that many times as long.
  case enoughWorkers(strategy: Strategy, workers: Int, fewer: Int, ratio: Double)
  /// With a worker on each CPU the last would be ready too late: started, or in possession of its memory.
  case lateWorkers(cpus: Int, seconds: Double, touchesMemory: Bool)
  /// The fastest way on a machine with more CPUs.
  case moreCPUs(cpus: Int, seconds: Double, plan: Plan)
  case withoutQuota(seconds: Double, plan: Plan)
  /// A trial of the best ways on a fiftieth of the tasks takes `trialSeconds`, and would tell which is best.
  case closeCall(confidence: Double, ways: Int, trialSeconds: Double)

  // Engines outside this machine.

  /// Seconds on the engine and on this machine alone; the parts are the engine's, longest first.
  case engine(plan: Plan, seconds: Double, localSeconds: Double, tasks: Int, parts: [Prediction.Part])
  /// The number of such tasks, or the computing in each of them, above which the engine is faster; nil where none is enough.
  case engineBreakEven(engine: String, tasks: Double?, workSeconds: Double?, taskWorkSeconds: Double)

  // What a runtime's own costs say.

  case noGIL
  /// Tasks that wait hold no GIL.
  case gilReleasedByWaiting
  /// The threads that would have been best, and what threads gave to a function that releases the GIL.
  case gil(threads: ThreadTime?, released: ReleasedGIL?)
  /// Seconds to start and end a pool by each start method, and a thread.
  case poolStart(workers: Int, methods: [Prediction.Part], threadSeconds: Double?)
  case handOver(poolChunkSeconds: Double, threadTaskSeconds: Double, loopTaskSeconds: Double)
  /// Bytes that a task and its result are pickled into, and the seconds that takes.
  case pickling(bytes: Double, seconds: Double)

  /// The time of a job in threads.
  public struct ThreadTime: Codable, Sendable, Hashable {
    public var threads: Int
    public var seconds: Double

    public init(threads: Int, seconds: Double) {
      self.threads = threads
      self.seconds = seconds
    }
  }

  /// The measured speedup of threads whose function releases the GIL, and the job's time if its function does.
  public struct ReleasedGIL: Codable, Sendable, Hashable {
    public var threads: Int
    public var speedup: Double
    public var seconds: Double

    public init(threads: Int, speedup: Double, seconds: Double) {
      self.threads = threads
      self.speedup = speedup
      self.seconds = seconds
    }
  }
}
