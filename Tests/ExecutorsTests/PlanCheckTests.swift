import AdvisorCore
import AdvisorTestSupport
import Testing
@testable import Executors

@Suite struct PlanCheckTests {
  /// Plans that cannot be obeyed, and words of the reason.
  static let bad: [(String, Plan, String)] = [
    ("cpu:1x1", Plan(strategy: .threads, workers: 0), "0 workers"),
    ("cpu:1x1", Plan(strategy: .processes, workers: -1), "-1 workers"),
    ("cpu:1x1", Plan(strategy: .threads, workers: 1_000_000), "workers by threads, not 1000000"),
    ("cpu:1x1", Plan(strategy: .processes, workers: 1_000_000), "workers by processes, not 1000000"),
    ("cpu:1x1", Plan(strategy: .threads, workers: .max), "leaves room for"),
    ("cpu:1x1+cpu:1x1", Plan(strategy: .pipeline, workers: 2, stageWorkers: [.max, .max]), "leaves room for"),
    ("io:1x1", Plan(strategy: .async, workers: 1_000_000_000), "open files"),
    ("cpu:1x1", Plan(strategy: .threads, workers: 1, chunk: 0), "chunk of 0"),
    ("cpu:1x1", Plan(strategy: .async, workers: 1), "async cannot run cpu stages"),
    ("wait:1x1s+disk:1x1", Plan(strategy: .async, workers: 1), "async cannot run disk stages"),
    ("cpu:1x1", Plan(strategy: .threads, workers: 1, cpus: []), "empty"),
    ("cpu:1x1", Plan(strategy: .threads, workers: 1, cpus: [60_000]), "CPU 60000"),
    ("cpu:1x1", Plan(strategy: .threads, workers: 1, cpus: [-1]), "CPU -1"),
    ("cpu:1x1", Plan(strategy: .pipeline, workers: 2, stageWorkers: [1, 1]), "2 stages, but the job has 1"),
    ("cpu:1x1", Plan(strategy: .pipeline, workers: 2, stageWorkers: [0]), "workers"),
    ("cpu:1x1,memory=2GiB", Plan(strategy: .threads, workers: 1, memoryCapBytes: 0x1p30), "2 GiB"),
    ("cpu:1x1,memory=2GiB", Plan(strategy: .pipeline, workers: 1, memoryCapBytes: 0x1p30), "2 GiB"),
    ("io:1x1", Plan(strategy: .threads, workers: 1), "no server"),
  ]

  @Test("A plan that cannot be obeyed is refused with the reason", arguments: bad)
  func refusedPlans(job: String, plan: Plan, words: String) async throws {
    let error = await #expect(throws: AdvisorError.self) { try await observe(job, plan) }
    #expect(error?.code == .usage)
    #expect(error?.problem.contains(words) == true, "\(error?.problem ?? "")")
    #expect(error?.advice.isEmpty == false)
  }

  @Test("A limit on processes is named with its source")
  func processLimit() async throws {
    let limits = Machine.Limits(pids: 20, sources: ["pids": "/sys/fs/cgroup/a/pids.max"])
    let error = await #expect(throws: AdvisorError.self) {
      try await observe("cpu:1x1", Plan(strategy: .threads, workers: 21)) { $0.limits = limits }
    }
    #expect(
      error?.problem
        == "the limit of 20 processes and threads (/sys/fs/cgroup/a/pids.max) leaves room for 4 workers by "
        + "threads, not 21")
  }

  /// Of 32 open files, 24 are this program's own.
  @Test(
    "Open files bound the workers",
    arguments: [
      (Strategy.processes, "cpu:9x1", 4), (.threads, "disk:9x1", 8), (.threads, "io:9x1", 2), (.async, "io:9x1", 8),
    ])
  func openFiles(strategy: Strategy, job: String, fitting: Int) throws {
    let limits = Machine.Limits(openFiles: 32)
    func check(_ workers: Int) throws {
      try PlanCheck(job: Job(job), plan: Plan(strategy: strategy, workers: workers), limits: limits).validate()
    }
    #expect(throws: Never.self) { try check(fitting) }
    let error = #expect(throws: AdvisorError.self) { try check(fitting + 1) }
    #expect(
      error?.problem.contains("the limit of 32 open files (ulimit -n) leaves room for \(fitting) workers") == true)
  }

  /// Memory of a task, the cap, the workers planned, and those that fit.
  @Test(
    "No more workers than fit in memory",
    arguments: [
      ("cpu:1x1,memory=1GiB", 0x1p32, 8, 4), ("cpu:1x1,memory=1GiB", 0x1p32, 3, 3), ("cpu:1x1", 1, 8, 8),
      ("cpu:1x1,memory=3GiB", 0x1p32, 8, 1), ("cpu:1x1,memory=1GiB+wait:1x1s,memory=2GiB", 0x1p32, 8, 2),
      // A streaming task has three arrays of 32 MiB, whatever the job says.
      ("mem:1x1GiB", 0x1p28, 8, 2),
    ])
  func memory(job: String, cap: Double, planned: Int, expected: Int) throws {
    let plan = Plan(strategy: .threads, workers: planned, memoryCapBytes: cap)
    #expect(try plan.capped(for: Job(job)).workers == expected)
  }

  @Test("A pipeline gives up workers of the stage that holds most")
  func memoryOfPipelines() throws {
    let plan = Plan(strategy: .pipeline, workers: 8, stageWorkers: [4, 4], memoryCapBytes: 0x1p33)
    let job = try Job("cpu:1x1,memory=1GiB+cpu:1x1,memory=2GiB")
    #expect(try plan.capped(for: job).stageWorkers == [4, 2])
  }

  @Test(
    "A pipeline's workers are shared out where the plan does not say",
    arguments: [(2, [1, 1]), (5, [2, 3]), (1, [1, 1])])
  func sharedOut(workers: Int, expected: [Int]) {
    #expect(Plan(strategy: .pipeline, workers: workers).stageWorkers(stages: 2) == expected)
  }
}
