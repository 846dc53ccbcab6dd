public import AdvisorCore
import Executors
import System

extension Meter {
  /// A tiny program started and reaped, as the command runner does it.
  static var processSpawn: Meter {
    Meter(.processSpawn, .unpinned) { count throws(AdvisorError) in
      let launch = Launch(["/bin/true"], output: nil, error: nil)
      let start = MonotonicClock.seconds
      for _ in 0..<count { _ = try ChildProcess(launch).wait() }
      return MonotonicClock.seconds - start
    }
  }

  /// One worker process, until it could take its first task.
  static var workerSpawn: Meter {
    Meter(.workerSpawn, .unpinned) { count throws(AdvisorError) in
      var seconds = 0.0
      for _ in 0..<count { seconds += try run(.processes, workers: 1).startUpSeconds }
      return seconds
    }
  }

  /// A pool of worker processes, per worker; ending them is part of it.
  static func poolStart(workers: Int) -> Meter {
    Meter(.poolStart, .unpinned) { count throws(AdvisorError) in
      var seconds = 0.0
      for _ in 0..<count { seconds += try run(.processes, workers: workers).outcome.seconds / Double(workers) }
      return seconds
    }
  }
}

/// Starts and ends a worker process: `advisor run`, for which predictions are, has itself just been started from the same file.
///
/// After 50 ms of anything else a start takes 1.7 instead of 1.1 ms (AMD EPYC, 2 CPUs of a guest; medians of 40).
public func warmWorkerProgram() throws(AdvisorError) { _ = try run(.processes, workers: 1) }

/// A run with small tasks.
///
/// - Parameters:
///   - tasks: nil for one of each worker.
///   - url: what each of them downloads; without one it computes.
func run(
  _ strategy: Strategy, workers: Int, tasks: Int? = nil, downloading url: String? = nil
) throws(AdvisorError) -> JobRun {
  let stage = Stage(kind: url == nil ? .cpu : .io, count: tasks ?? workers, size: url == nil ? .units(1) : .bytes(1))
  let request = RunRequest(
    job: Job(text: "\(stage)", stages: [stage]), plan: Plan(strategy: strategy, workers: workers), ioURL: url)
  return try executor(for: strategy).run(request, progress: Progress(), cancellation: Cancellation())
}
