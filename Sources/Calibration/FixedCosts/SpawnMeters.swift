import AdvisorCore
import Execution

extension Meter {
  /// A tiny program started and reaped, as the command runner does it.
  static var processSpawn: Meter {
    Meter(.processSpawn, .unpinned) { count throws(AdvisorError) in
      let launch = Launch(["/bin/true"], output: nil, error: nil)
      let start = Stopwatch.wall()
      for _ in 0..<count { _ = try ChildProcess(launch).wait() }
      return Stopwatch.wall() - start
    }
  }

  /// One worker process, until it could take its first task.
  static var workerSpawn: Meter {
    Meter(.workerSpawn, .unpinned) { count throws(AdvisorError) in
      var seconds = 0.0
      for _ in 0..<count { seconds += try startUp(of: 1) }
      return seconds
    }
  }

  /// A pool of worker processes, per worker.
  static func poolStart(workers: Int) -> Meter {
    Meter(.poolStart, .unpinned) { count throws(AdvisorError) in
      var seconds = 0.0
      for _ in 0..<count { seconds += try startUp(of: workers) / Double(workers) }
      return seconds
    }
  }

  /// Seconds until so many worker processes were ready, in a run with a task of one unit for each.
  private static func startUp(of workers: Int) throws(AdvisorError) -> Double {
    let stage = Stage(kind: .cpu, count: workers, size: .units(1))
    let request = RunRequest(
      job: Job(text: "\(stage)", stages: [stage]), plan: Plan(strategy: .processes, workers: workers))
    return try executor(for: .processes).run(request, progress: Progress(), cancellation: Cancellation())
      .startUpSeconds
  }
}
