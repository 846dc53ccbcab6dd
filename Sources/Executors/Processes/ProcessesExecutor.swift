import AdvisorCore
import Workloads
import System

/// A pool of worker processes: this program, started again, each of which is handed one chunk at a time.
struct ProcessesExecutor: StrategyExecutor {
  func run(_ assignment: Assignment, _ progress: Progress, _ cancellation: Cancellation) throws(AdvisorError)
    -> JobRun
  {
    let rssFloor = PeakMemory.reset()
    let ledger = Ledger()
    let cpuStart = CPUClock.thread
    var pool = WorkerPool(assignment, ledger, progress)
    do throws(AdvisorError) {
      try pool.run(cancellation)
    } catch {
      ledger.fail(error)
    }
    let exits = pool.end()
    var tally = pool.tally
    tally.cpuSeconds = exits.reduce(Double(CPUClock.thread - cpuStart) / 1e9) { $0 + $1.cpuSeconds }
    ledger.add(tally)
    // Up to the floor it is the memory of this process that shows, not the worker's.
    if let largest = exits.map(\.maxRSSBytes).max(), largest > rssFloor { ledger.note(maxRSSBytes: largest) }
    return try ledger.close(count: assignment.count)
  }
}
