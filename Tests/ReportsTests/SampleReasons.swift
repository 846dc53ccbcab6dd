import AdvisorCore

/// A reason and a caveat for each code, with the sentence that people read. Figures are the documentation’s or made up.
enum SampleReasons {
  private static let pool = Plan(strategy: .processes, workers: 2, chunk: 4)
  private static let dask = Plan(strategy: .processes, workers: 8, engine: "dask")

  static let binding: [(Reason, String)] = [
    (
      .cores(cpuSeconds: 0.0129, cpus: 2, speedup: 1.999, freeShare: 1),
      "CPU-bound: 12.9 ms of CPU time; 2 CPUs give a 2× speedup."
    ),
    (
      .oneWorker(cpuSeconds: 1.26e-6, seconds: 1.3e-6),
      "CPU-bound: one worker takes 1.3 µs for 1.26 µs of CPU time."
    ),
    (
      .quota(cpus: 1.5, source: "/sys/fs/cgroup/a/cpu.max", throttledShare: 0.24),
      "Bound by the quota of 1.5 CPUs (/sys/fs/cgroup/a/cpu.max): workers are throttled 24 % of the time, and more of "
        + "them only use it up sooner."
    ),
    (
      .memoryBandwidth(share: 0.98, seconds: 1.2, workers: 2),
      "Bound by memory bandwidth: streaming takes 98 % of the 1.2 s; more than 2 threads gain almost nothing."
    ),
    (
      .transfers(share: 0.9, seconds: 1.2),
      "Bound by transfers: they take 90 % of the 1.2 s; more in flight share the same rate."
    ),
    (.disk(share: 0.9, seconds: 1.2), "Disk-bound: reading takes 90 % of the 1.2 s."),
    (
      .latency(share: 0.9, seconds: 1.2),
      "Latency-bound: waiting takes 90 % of the 1.2 s; only more tasks in flight would hide it."
    ),
    (.oneTask(seconds: 0.0025), "Only one task: it takes 2.5 ms however it is run."),
    (
      .longestTask(tasks: 200, seconds: 0.0501),
      "Bound by the longest task: all 200 tasks run at once, and the longest takes nearly all of the 50.1 ms."
    ),
    (
      .memory(bytes: 0x1p32, workers: 2),
      "Memory-bound: the 4 GiB that may be used leave room for 2 workers."
    ),
    (
      .processLimit(limit: WorkerLimit(.command, limits: Machine.Limits(openFiles: 64))),
      "Bound by the limit of 64 open files (ulimit -n): it leaves room for 8 workers."
    ),
    (
      .firstTouch(share: 0.998, seconds: 0.101),
      "Bound by start-up: 99.8 % of the 101 ms pass while each worker maps its memory and writes it for the first time."
    ),
    (.startUp(share: 0.6, seconds: 0.002), "Bound by start-up: starting the workers takes 60 % of the 2 ms."),
    (.dispatch(share: 0.6, seconds: 0.002), "Bound by dispatch: handing out tasks takes 60 % of the 2 ms."),
  ]

  static let choice: [(Reason, String)] = [
    (
      .equallyFast(plan: Plan(strategy: .tasks, workers: 2)),
      "Swift tasks on 2 threads would be just as fast; ties go to fewer workers, then less memory, then the simpler strategy."
    ),
    (
      .worseForObjective(plan: Plan(strategy: .async, workers: 64), objective: "cpu"),
      "One event loop with 64 in flight would be faster, but worse for the objective (cpu)."
    ),
    (
      .slower(plan: pool, seconds: 0.00104, share: 0.161, mostly: .init(name: "start", seconds: 0.0012)),
      "2 worker processes would take 1.04 ms longer (16.1 %), mostly start (1.2 ms)."
    ),
    (
      .breakEven(strategy: .threads, tasks: 8, seconds: 14.2e-6, processesSeconds: 280e-6, taskSeconds: 1.6e-3),
      "With 8 tasks, threads pay off above 14.2 µs per task, processes above 280 µs; here a task takes 1.6 ms."
    ),
    (
      .enoughWorkers(strategy: .threads, workers: 2, fewer: 1, ratio: 1.98),
      "More than 2 workers gain nothing; 1 worker would take 1.98× as long."
    ),
    (
      .lateWorkers(cpus: 8, seconds: 0.003, touchesMemory: false),
      "All 8 CPUs would take 3 ms: the last workers would start too late to help."
    ),
    (
      .moreCPUs(cpus: 4, seconds: 0.00336, plan: Plan(strategy: .threads, workers: 4)),
      "With 4 CPUs it would take about 3.36 ms, by 4 threads."
    ),
    (
      .withoutQuota(seconds: 4.8, plan: Plan(strategy: .pipeline, workers: 10, stageWorkers: [8, 2])),
      "Without the quota it would take about 4.8 s, by a pipeline of 8 + 2 workers."
    ),
    (
      .closeCall(confidence: 0.55, ways: 3, trialSeconds: 2),
      "Close call (55 % sure): trying the best 3 ways on a fiftieth of the tasks would settle it in about 2 s."
    ),
    (
      .engine(
        plan: dask, seconds: 266, localSeconds: 87, tasks: 4,
        parts: [.init(name: "transfer", seconds: 130), .init(name: "start", seconds: 11.9)]),
      "Stay on one machine: dask with 8 slots would take 4 min 26 s, not 87 s: transfer 2 min 10 s, start 11.9 s; only 4 "
        + "of the 8 slots would have work."
    ),
    (
      .engineBreakEven(engine: "dask", tasks: nil, workSeconds: 120, taskWorkSeconds: 1.75),
      "No number of such tasks pays off on dask; with the same data, it pays off above about 2 min of computing per "
        + "task (here 1.75 s)."
    ),
  ]

  /// In Python's words.
  static let runtime: [(Reason, String)] = [
    (.noGIL, "This build has no GIL: threads compute side by side."),
    (.gilReleasedByWaiting, "A thread that waits holds no GIL: waiting overlaps in threads as in asyncio."),
    (
      .gil(
        threads: .init(threads: 2, seconds: 4), released: .init(threads: 2, speedup: 1.9, seconds: 2)),
      "The GIL lets one thread compute at a time: ThreadPoolExecutor(2) would take 4 s. Functions that release it run in "
        + "parallel: 2 threads of zlib.compress gave a 1.9× speedup here, so ThreadPoolExecutor(2) would take 2 s. "
        + "`advisor map module:function` measures whether yours does."
    ),
    (
      .poolStart(
        workers: 2, methods: [.init(name: "fork", seconds: 0.009), .init(name: "spawn", seconds: 0.059)],
        threadSeconds: 60e-6),
      "Starting and ending Pool(2) takes 9 ms by fork, 59 ms by spawn; a thread takes 60 µs."
    ),
    (
      .handOver(poolChunkSeconds: 14e-6, threadTaskSeconds: 6e-6, loopTaskSeconds: 7e-6),
      "Dispatch takes 14 µs per chunk in a Pool, 6 µs per task in a ThreadPoolExecutor, 7 µs per task in asyncio."
    ),
    (
      .pickling(bytes: 0x1p20, seconds: 0.0157),
      "Processes pickle 1 MiB per task, which takes 15.7 ms; threads and asyncio share it."
    ),
  ]

  static let caveats: [(Caveat, String)] = [
    (
      .forkAfterThreads,
      "fork copies the program as it is: if it has already started threads, use get_context(\"spawn\"), whose workers "
        + "import what they need again."
    ),
    (
      .unreadableLimits(
        limits: [.cpuQuota, .memoryBytes, .pids], mayBeLower: false, cause: .notMounted, file: "/proc/self/mountinfo"),
      "The CPU quota, the memory limit and the limit on processes are unknown: no mount in /proc/self/mountinfo shows the "
        + "cgroup of this process; the advice respects only the limits that are known."
    ),
    (
      .strategyNotConsidered(strategy: .processes, problem: "the profile has no cost workerSpawn"),
      "Processes not considered: the profile has no cost workerSpawn."
    ),
    (
      .engineNotConsidered(engine: "dask", problem: "dask cannot be predicted: it has no workers"),
      "Dask cannot be predicted: it has no workers."
    ),
    (
      .otherLoad(share: 0.4),
      "Other processes used 40 % of the CPUs during calibration, and are assumed to go on: calibrate again once they are "
        + "gone."
    ),
    (
      .presentLoad(threads: 2, share: 0.5),
      "Other processes want 2 CPUs now, and are assumed to go on, which leaves 50 % of the machine: ask again once they are "
        + "gone."
    ),
    (
      .impossibleSpeedup(kernel: .sort, workers: 4, speedup: 4.84, cpus: 2),
      "The profile claims a 4.84× speedup for 4 workers on 2 CPUs (sort), which is impossible: 2× is assumed. Calibrate "
        + "again with `advisor calibrate`."
    ),
    (
      .provisionalIntervals(occasions: 0, minOccasions: 19),
      "Intervals are provisional until there are past runs of 19 different minutes (now: 0)."
    ),
    (.deadlineAtRisk(seconds: 1.3), "The deadline of 1.3 s is likely, but not sure, to be met."),
  ]

  static let reasons = binding + choice + runtime
}
