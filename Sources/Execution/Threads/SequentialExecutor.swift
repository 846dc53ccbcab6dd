import AdvisorCore

/// One task after the other, in the calling thread.
struct SequentialExecutor: Executor {
  func run(_ request: RunRequest, progress: Progress, cancellation: Cancellation) throws(AdvisorError) -> Observation {
    let assignment = try Assignment(request)
    let ledger = Ledger()
    let worker = try ItemWorker(assignment.stages, index: 0)
    ledger.noteReady()
    worker.drain(assignment.makeQueue(), progress, cancellation)
    ledger.add(worker.tally)
    return try ledger.close(count: assignment.count)
  }
}
