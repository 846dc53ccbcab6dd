import AdvisorCore
import Workloads

/// What the tasks of one stage do, in numbers that a worker can act on.
package struct StageWork: Sendable {
  enum Load: Sendable {
    case kernel(Kernel)
    case stream
    case read(path: String, blockBytes: Int)
    case wait
    case fetch(DownloadAddress)
    /// Work given as code, for threads of this process; made for each worker by its number.
    case given(@Sendable (Int) throws(AdvisorError) -> any StageWorker)
  }

  var load: Load
  /// In units of the workload; nanoseconds for a wait, bytes for a download.
  var sizes: TaskUnits

  var waits: Bool { if case .wait = load { true } else { false } }

  /// Whether a worker does nothing but compute, as far as is known of work given as code.
  var computes: Bool {
    switch load {
    case .kernel, .stream, .given: true
    case .read, .wait, .fetch: false
    }
  }
}
