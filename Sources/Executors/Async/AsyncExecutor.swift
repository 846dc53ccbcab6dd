import AdvisorCore
import Probe
import Workloads
import System

/// One event loop in the calling thread that keeps as many operations under way as the plan has workers.
struct AsyncExecutor: StrategyExecutor {
  func run(_ assignment: Assignment, _ progress: Progress, _ cancellation: Cancellation) throws(AdvisorError)
    -> JobRun
  {
    let ledger = Ledger()
    // The thread is the caller's.
    try Affinity.confined(to: assignment.plan.firstCPU) { () throws(AdvisorError) in
      let cpuStart = CPUClock.thread
      var loop = try OperationLoop(assignment, progress)
      ledger.noteReady()
      try loop.run(cancellation)
      var tally = loop.tally
      tally.cpuSeconds = Double(CPUClock.thread - cpuStart) / 1e9
      ledger.add(tally)
    }
    return try ledger.close(count: assignment.count)
  }
}
