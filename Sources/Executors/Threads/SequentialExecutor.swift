import AdvisorCore
import Probe
import System

/// One task after the other, in the calling thread.
struct SequentialExecutor: StrategyExecutor {
  func run(_ assignment: Assignment, _ progress: Progress, _ cancellation: Cancellation) throws(AdvisorError)
    -> JobRun
  {
    let ledger = Ledger()
    // The thread is the caller's.
    try Affinity.confined(to: assignment.plan.firstCPU) { () throws(AdvisorError) in
      let worker = try ItemWorker(assignment.stages, index: 0)
      ledger.noteReady()
      worker.drain(assignment.makeQueue(), progress, cancellation)
      ledger.add(worker.tally)
    }
    return try ledger.close(count: assignment.count)
  }
}
