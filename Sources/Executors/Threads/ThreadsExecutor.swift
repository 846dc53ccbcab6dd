import AdvisorCore
import System

/// Kernel threads, each pinned where the plan says, that take chunks from one queue.
struct ThreadsExecutor: StrategyExecutor {
  func run(_ assignment: Assignment, _ progress: Progress, _ cancellation: Cancellation) throws(AdvisorError)
    -> JobRun
  {
    let queue = assignment.makeQueue()
    let ledger = Ledger()
    let stop = Cancellation(within: cancellation)
    let plan = assignment.plan
    ThreadGroup.run(plan.cpus(ofWorkers: plan.workers), ledger, stop) { index throws(AdvisorError) in
      let worker = try ItemWorker(assignment.stages, index: index)
      ledger.noteReady()
      worker.drain(queue, progress, stop)
      ledger.add(worker.tally)
    }
    return try ledger.close(count: assignment.count)
  }
}
