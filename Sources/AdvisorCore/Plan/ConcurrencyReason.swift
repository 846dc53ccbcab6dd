/// Why a run has as many workers, calls or requests at once as it has: codes with figures, of which Reports makes sentences.
///
/// A share is 0...1.
public enum ConcurrencyReason: Codable, Sendable, Hashable {
  /// The user set the number.
  case requested
  /// The largest number of workers that is allowed.
  case limit(limit: WorkerLimit)

  // What was measured while the run went on.

  /// One worker per CPU, to see what a task uses.
  case pilot
  /// As many as an earlier run of the same had at its end.
  case pastRun(workers: Int)
  /// The share of their time in which tasks wait.
  case waiting(share: Double)
  case idleCPUs
  /// Tasks take that many times as long as alone, so that workers are let go.
  case queueing(slowdown: Double)
  /// A trial of fewer, whose throughput may be as high.
  case tryingFewer
  /// Neither more nor fewer were faster.
  case fastest(workers: Int)

  // What the system lacks.

  /// The system refused to start one more.
  case refused
  /// The most that fit in memory, by what tasks take.
  case memory
  /// More of them ran out of memory.
  case memoryExhausted
  /// No further task starts while memory is scarce.
  case memoryScarce

  // Requests in flight.

  /// A first number, to see how fast the servers are.
  case firstRequests
  /// A trial of more, whose throughput may be higher.
  case tryingMore
  /// Requests spend most of their time before the first byte.
  case serverLatency
  case noGain
  /// The thread that receives takes all of a CPU.
  case receiverBusy
  case maxInFlight(requests: Int)
  /// The host has dropped connections of more at once.
  case connectionsDropped(requests: Int)

  // Calls of a function, and engines.

  /// The share of their time that two calls at once in an interpreter lose to its lock, and the threads that follow from it.
  case gil(lostShare: Double, threads: Int)
  /// Coroutines that wait cost next to nothing.
  case coroutines
  case engineStarting(engine: String)
  case engineWorkers(engine: String, workers: Int)
}
