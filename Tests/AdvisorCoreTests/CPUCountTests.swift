import AdvisorCore
import Testing

/// Limits as cgroup-v2.rst, sched_setaffinity(2), sbatch(1), qsub(1) and bsub(1) define them.
@Suite struct CPUCountTests {
  private static func count(
    cpus: Int = 8, quota: Double? = nil, memoryBytes: Int? = nil, pids: Int? = nil, _ wish: CPUCount.Wish = .init(),
    environment: [String: String] = [:]
  ) -> CPUCount {
    let usable = Machine.Usable(
      logicalCPUs: cpus, effectiveCPUs: min(Double(cpus), quota ?? .infinity), memoryBytes: memoryBytes,
      sources: ["logicalCPUs": "/proc/self/status", "memoryBytes": "/sys/fs/cgroup/a/memory.max"])
    let limits = Machine.Limits(
      cpuQuota: quota, pids: pids, sources: ["cpuQuota": "/sys/fs/cgroup/cpu.max", "pids": "/sys/fs/cgroup/pids.max"])
    return CPUCount(usable, limits, wish) { environment[$0] }
  }

  @Test(
    "A fraction becomes its ceiling, its floor or the nearest, by what the workers are",
    arguments: [
      (0.1, 1, 1, 1), (0.5, 1, 1, 1), (1, 1, 1, 1), (1.2, 2, 1, 1), (1.5, 2, 1, 2), (2, 2, 2, 2), (3.7, 4, 3, 4),
      (64, 8, 8, 8),
    ])
  func rounding(
    quota: Double, build: Int, barrier: Int, server: Int
  ) {
    #expect(Self.count(quota: quota).choices == CPUCount.Choices(build: build, barrier: barrier, server: server))
  }

  @Test(
    "What a batch system gave is respected, and named",
    arguments: [
      ("SLURM_CPUS_PER_TASK", "4"), ("SLURM_CPUS_ON_NODE", "4"), ("PBS_NUM_PPN", "4"), ("NCPUS", "4"), ("NSLOTS", "4"),
      ("LSB_DJOB_NUMPROC", "4"),
    ])
  func batchSystem(variable: String, value: String) {
    let count = Self.count(environment: [variable: value])
    #expect(count.cpus == 4)
    #expect(count.bounds.first == CPUCount.Bound(.batch, 4, source: "$\(variable)"))
  }

  @Test("Of a batch system's numbers the least counts")
  func leastOfBatchSystem() {
    #expect(Self.count(environment: ["SLURM_CPUS_PER_TASK": "2", "SLURM_CPUS_ON_NODE": "6"]).cpus == 2)
  }

  @Test(
    "A variable that holds no number of CPUs is not believed, and that is said",
    arguments: ["0", "-3", "four", "4(x2)", "1e3"])
  func unbelievable(value: String) {
    let count = Self.count(environment: ["NSLOTS": value])
    #expect(count.cpus == 8)
    #expect(count.warnings == [.invalidVariable(name: "NSLOTS", value: value)])
  }

  @Test(
    "A variable that is not a batch system's says nothing",
    arguments: ["OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "GOMAXPROCS", "SLURM_CPUS", "MAKEFLAGS"])
  func otherVariables(variable: String) {
    #expect(Self.count(environment: [variable: "1"]).cpus == 8)
  }

  @Test(
    "Memory bounds the workers, of which there is always one",
    arguments: [(0x1p30, 4), (0x1.8p30, 2), (0x1p32, 1), (0x1p33, 1)])
  func memory(perWorker: Double, expected: Int) {
    let count = Self.count(memoryBytes: 1 << 32, .init(memoryPerWorker: perWorker))
    #expect(count.cpus == expected)
    #expect(count.warnings.isEmpty == (perWorker <= 0x1p32))
  }

  @Test("Processes and a wish bound the workers, too")
  func processesAndWish() {
    #expect(Self.count(pids: 20).cpus == 4)
    #expect(Self.count(.init(max: 3)).cpus == 3)
    #expect(Self.count(quota: 2.5, .init(purpose: .barrier, max: 99)).cpus == 2)
  }

  @Test("The bounds come tightest first, each with its source")
  func order() {
    let count = Self.count(quota: 1.5, .init(max: 3), environment: ["NSLOTS": "2"])
    #expect(
      count.bounds == [
        .init(.quota, 1.5, source: "/sys/fs/cgroup/cpu.max"), .init(.batch, 2, source: "$NSLOTS"),
        .init(.max, 3, source: "--max"), .init(.cpus, 8, source: "/proc/self/status"),
      ])
  }

  @Test("No limits leave one worker a CPU, and never none")
  func noLimits() {
    #expect(Self.count().cpus == 8)
    #expect(Self.count(cpus: 0).cpus == 1)
  }
}
