package import AdvisorCore
import System

/// The threads that Swift tasks run on.
package enum TaskPool {
  /// Makes sure that the pool can have the threads that a number of tasks call for.
  ///
  /// Where a limit keeps libdispatch from starting a thread it tries again every second, for ever.
  ///
  /// - Throws: `.temporary` where a limit on threads or memory is reached.
  package static func check(tasks: Int) throws(AdvisorError) {
    let end = Monitor(false)
    var threads: [WorkerThread] = []
    defer {
      end.signal { $0 = true }
      threads.forEach { $0.join() }
    }
    // One for each CPU, one for the task that waits for the others, and libdispatch's own for timers and events.
    for _ in 0...1 + min(tasks, max(1, SystemConstant.onlineCPUs)) {
      threads.append(try WorkerThread { end.wait { $0 ? () : nil } })
    }
  }
}
