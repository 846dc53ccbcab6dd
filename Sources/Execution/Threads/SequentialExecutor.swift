import AdvisorCore

/// One task after the other, in the calling thread.
struct SequentialExecutor: StrategyExecutor {
  func run(_ assignment: Assignment, _ progress: Progress, _ cancellation: Cancellation) throws(AdvisorError)
    -> Observation
  {
    let ledger = Ledger()
    let worker = try ItemWorker(assignment.stages, index: 0)
    ledger.noteReady()
    worker.drain(assignment.makeQueue(), progress, cancellation)
    ledger.add(worker.tally)
    return try ledger.close(count: assignment.count)
  }
}
