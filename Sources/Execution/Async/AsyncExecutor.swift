import AdvisorCore
import Workloads

/// One event loop in the calling thread that keeps as many operations under way as the plan has workers.
struct AsyncExecutor: Executor {
  func run(_ request: RunRequest, progress: Progress, cancellation: Cancellation) throws(AdvisorError) -> Observation {
    let assignment = try Assignment(request)
    let ledger = Ledger()
    let cpuStart = CPUClock.thread
    var loop = try OperationLoop(assignment, progress)
    ledger.noteReady()
    try loop.run(cancellation)
    var tally = loop.tally
    tally.cpuSeconds = Double(CPUClock.thread - cpuStart) / 1e9
    ledger.add(tally)
    return try ledger.close(count: assignment.count)
  }
}
