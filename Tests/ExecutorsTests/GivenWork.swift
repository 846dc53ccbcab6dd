import AdvisorCore
import AdvisorTestSupport
import Probe
import Synchronization
@testable import Executors
@testable import System

/// A stage whose work is a function of the test's, and what became of it.
final class GivenWork: Sendable {
  struct Log {
    /// By task, how often it was run.
    var runs: [Int: Int] = [:]
    /// By worker, the tasks in the order in which it ran them.
    var tasks: [Int: [Int]] = [:]
    /// By worker, the CPUs that it might run on when it was made.
    var places: [Int: CPUSet] = [:]
    var underWay = 0
    var maxUnderWay = 0
    var living = 0
  }

  private let log = Mutex(Log())
  private let body: @Sendable (Int, Cancellation) throws(AdvisorError) -> Void

  init(_ body: @escaping @Sendable (Int, Cancellation) throws(AdvisorError) -> Void = { _, _ in }) { self.body = body }

  var seen: Log { log.withLock { $0 } }

  var stage: StageWork {
    StageWork(
      load: .given { index throws(AdvisorError) in
        let place = try Affinity.current()
        self.log.withLock {
          $0.places[index] = place
          $0.living += 1
        }
        return Worker(self, index)
      }, sizes: TaskUnits(meanUnits: 1))
  }

  private final class Worker: StageWorker {
    private let work: GivenWork
    private let index: Int

    init(_ work: GivenWork, _ index: Int) {
      self.work = work
      self.index = index
    }

    deinit { work.log.withLock { $0.living -= 1 } }

    func run(_ task: Int, units: Int, _ cancellation: Cancellation) throws(AdvisorError) {
      work.log.withLock {
        $0.runs[task, default: 0] += 1
        $0.tasks[index, default: []].append(task)
        $0.underWay += 1
        $0.maxUnderWay = max($0.maxUnderWay, $0.underWay)
      }
      defer { work.log.withLock { $0.underWay -= 1 } }
      try work.body(task, cancellation)
    }
  }
}

/// Runs given stages by a plan.
func observe(
  _ stages: [StageWork], count: Int, _ plan: Plan, cancellation: Cancellation = Cancellation()
) async throws -> JobRun {
  let assignment = Assignment(stages, count: count, plan: plan)
  return try await onThread { () throws(AdvisorError) in
    guard let executor = executor(for: plan.strategy) as? any StrategyExecutor else {
      throw AdvisorError(.usage, "no such executor", advice: "")
    }
    return try executor.run(assignment, Progress(), cancellation)
  }
}
