import AdvisorCore
import Workloads
import System

/// Swift tasks, as many as the plan's workers, on the cooperative pool's threads, one a CPU.
///
/// The pool's threads stay where the kernel puts them: a plan's CPUs are not obeyed here. Stages that wait hand their
/// thread on; those that read or download hold it.
struct TasksExecutor: StrategyExecutor {
  func run(_ assignment: Assignment, _ progress: Progress, _ cancellation: Cancellation) throws(AdvisorError)
    -> JobRun
  {
    try TaskPool.check(tasks: assignment.plan.workers)
    let queue = assignment.makeQueue()
    let ledger = Ledger()
    // Tasks move between threads: only the process's CPU time holds all of theirs.
    let cpuStart = CPUClock.process
    let stop = Cancellation(within: cancellation)
    let ended = Monitor(false)
    Task.detached {
      await withDiscardingTaskGroup { group in
        for index in 0..<assignment.plan.workers {
          group.addTask { await Self.work(index, assignment, queue, ledger, progress, stop) }
        }
      }
      ended.signal { $0 = true }
    }
    ended.wait { $0 ? () : nil }
    var cpu = Tally()
    cpu.cpuSeconds = Double(CPUClock.process - cpuStart) / 1e9
    ledger.add(cpu)
    return try ledger.close(count: assignment.count)
  }

  private static func work(
    _ index: Int, _ assignment: Assignment, _ queue: TaskQueue, _ ledger: Ledger, _ progress: Progress,
    _ stop: Cancellation
  ) async {
    do throws(AdvisorError) {
      let worker = try ItemWorker(assignment.stages, index: index)
      ledger.noteReady()
      await worker.drainSuspending(queue, progress, stop)
      ledger.add(worker.tally)
    } catch {
      ledger.fail(error)
      stop.cancel()
    }
  }
}
