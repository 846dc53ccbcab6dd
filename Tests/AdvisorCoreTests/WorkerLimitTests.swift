import AdvisorCore
import Testing

/// What a worker holds was counted in /proc/PID/fd and /proc/PID/maps; see getrlimit(2), cgroup-v2.rst (pids) and
/// admin-guide/sysctl/vm.rst (max_map_count).
@Suite struct WorkerLimitTests {
  /// Of the open files 24 are the program's own, of the processes 16.
  @Test(
    "Of 64 open files and 100 processes each strategy gets what its workers need",
    arguments: [
      (Strategy.sequential, "cpu:9x1", 9999), (.sequential, "io:9x1", 10), (.threads, "cpu:9x1", 84),
      (.threads, "disk:9x1", 40), (.threads, "io:9x1", 10), (.threads, "io:9x1+disk:9x1", 8),
      (.pipeline, "io:9x1+cpu:9x1", 10), (.async, "wait:9x1s", 9999), (.async, "io:9x1", 40),
      (.async, "io:9x1+io:9x1", 20), (.processes, "cpu:9x1", 20), (.processes, "io:9x1", 20),
    ])
  func strategies(
    strategy: Strategy, job: String, count: Int
  ) throws {
    let limits = Machine.Limits(pids: 100, openFiles: 64)
    let needs = WorkerLimit.Needs(strategy, stages: try Job(job).stages)
    #expect(WorkerLimit(needs, limits: limits, ceiling: 9999).count == count)
  }

  @Test("A command holds five open files", arguments: [(64, 8), (256, 46), (1024, 200), (24, 0), (3, 0)])
  func openFiles(openFiles: Int, count: Int) {
    #expect(WorkerLimit(.command, limits: Machine.Limits(openFiles: openFiles)).count == count)
  }

  @Test("The tightest limit is named with its source")
  func tightest() {
    let limits = Machine.Limits(
      pids: 20, openFiles: 1024, mappings: 65_530, sources: ["pids": "/sys/fs/cgroup/a/pids.max"])
    let threads = WorkerLimit(.init(.threads, stages: []), limits: limits)
    #expect(threads.count == 4 && threads.bound == .processes)
    #expect(threads.reason == "the limit of 20 processes and threads (/sys/fs/cgroup/a/pids.max)")
  }

  /// Of 100 processes 80 are others', and 8 are kept for threads of the program's own.
  @Test("Processes that are there already count", arguments: [(0, 84), (8, 84), (80, 12), (99, 0)])
  func processesInUse(inUse: Int, count: Int) {
    let limits = Machine.Limits(pids: 100, pidsInUse: inUse)
    #expect(WorkerLimit(.init(.threads, stages: []), limits: limits).count == count)
  }

  @Test("Without limits the ceiling decides")
  func ceiling() {
    let limit = WorkerLimit(.command, limits: Machine.Limits(), ceiling: 4096)
    #expect(limit.count == 4096 && limit.bound == .ceiling)
  }

  /// A stack and its guard page are two mappings.
  @Test("Threads are bounded by mappings")
  func mappings() {
    let limit = WorkerLimit(.init(.threads, stages: []), limits: Machine.Limits(mappings: 65_530))
    #expect(limit.count == 32_765 && limit.bound == .mappings)
  }
}
