public import AdvisorCore

/// Why this many are under way: clauses, which progress bars put in brackets.
extension Sentences {
  public func text(_ reason: ConcurrencyReason) -> String {
    switch reason {
    case .requested: "as requested"
    case .limit(let limit): text(limit)
    case .pilot: "one per CPU, to see what a task uses"
    case .pastRun(let workers): "an earlier run of the same came to \(workers) or more"
    case .waiting(let share): "tasks wait \(wholePercent(share)) of their time"
    case .idleCPUs: "the CPUs have room for more"
    case .queueing(let slowdown): "tasks take \(count(Int(min(slowdown, 1e6)), "time")) as long as alone"
    case .tryingFewer: "fewer may be as fast"
    case .fastest(let workers): "neither more nor fewer than \(workers) are faster"
    case .refused: "the system refuses to start more"
    case .memory: "no more of them fit in memory"
    case .memoryExhausted: "more of them ran out of memory"
    case .memoryScarce: "no memory for another task now"
    case .firstRequests: "to see how fast the servers are"
    case .tryingMore: "more in flight may be faster"
    case .serverLatency: "requests mostly wait"
    case .noGain: "more in flight are no faster"
    case .receiverBusy: "receiving takes all of a CPU"
    case .maxInFlight(let requests): "the limit of \(requests) in flight"
    case .connectionsDropped(let requests): "the server drops connections beyond \(requests)"
    case .gil(let share, let threads): gil(lostShare: share, threads)
    case .coroutines: "coroutines that wait cost next to nothing"
    case .engineStarting(let engine): "\(engine) is starting"
    case .engineWorkers(let engine, 0): "\(engine) has no workers yet"
    case .engineWorkers(let engine, let workers): "\(engine): \(count(workers, "worker"))"
    }
  }

  private func text(_ limit: WorkerLimit) -> String {
    limit.bound == .ceiling ? "more than \(limit.value) have not been found to gain anything" : limit.reason
  }

  private func gil(lostShare: Double, _ threads: Int) -> String {
    "two calls at once in an interpreter lost \(wholePercent(lostShare)) of their time to the GIL: "
      + (threads > 1
        ? "threads are as fast as processes, in less memory" : "each call has an interpreter of its own")
  }

  /// A share that is measured again and again, and whose tenths of a per cent say nothing.
  private func wholePercent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
