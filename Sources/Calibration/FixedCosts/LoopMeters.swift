import AdvisorCore
import Executors
import System

extension Meter {
  /// Waits of no length through the executor of the event loop, many in a run so that its start is little beside them.
  static var loopOperation: Meter {
    Meter(.loopOperation, .unpinned) { count throws(AdvisorError) in
      let stage = Stage(kind: .wait, count: max(500, count), size: .seconds(1e-9))
      let request = RunRequest(
        job: Job(text: "\(stage)", stages: [stage]), plan: Plan(strategy: .async, workers: 64))
      let observation = try executor(for: .async).run(request, progress: Progress(), cancellation: Cancellation())
      return observation.seconds * Double(count) / Double(stage.count)
    }
  }
}
