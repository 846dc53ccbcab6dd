import AdvisorCore
import Console
import Reports
import Testing

@Suite struct MachineReportTests {
  /// Packages of eight cores with `threads` each, numbered core by core; one L3 cache and one node a package.
  static func machine(packages: Int, threads: Int, allowed: CPUSet? = nil) -> Machine {
    let cores = 8 * packages
    let online = CPUSet(0..<cores * threads)
    func members(_ core: Int) -> CPUSet { CPUSet((0..<threads).map { core * threads + $0 }) }
    func package(_ number: Int) -> CPUSet { CPUSet(number * 8 * threads..<(number + 1) * 8 * threads) }
    let topology = online.map { cpu in
      Machine.LogicalCPU(
        id: cpu, core: cpu / threads, package: cpu / threads / 8, node: cpu / threads / 8,
        siblings: members(cpu / threads))
    }
    return Machine(
      architecture: "x86_64", model: "Some CPU", kernel: "6.1.0",
      cpus: .init(online: online, allowed: allowed ?? online, usable: allowed ?? online),
      counts: .init(
        packages: packages, cores: cores, logicalCPUs: online.count, threadsPerCore: threads, numaNodes: packages),
      topology: topology,
      numa: (0..<packages).map { node in
        .init(
          id: node, cpus: package(node), memoryBytes: 64 << 30, distances: (0..<packages).map { $0 == node ? 10 : 21 })
      },
      caches: [
        .init(level: 1, type: .data, sizeBytes: 32 << 10, sets: (0..<cores).map(members)),
        .init(level: 3, type: .unified, sizeBytes: 32 << 20, sets: (0..<packages).map(package)),
      ],
      usable: .init(
        logicalCPUs: (allowed ?? online).count, effectiveCPUs: 1.5, memoryBytes: 1 << 30,
        sources: ["effectiveCPUs": "/sys/fs/cgroup/\(String(repeating: "deep/", count: 20))cpu.max"]))
  }

  @Test("Small machines are drawn core by core")
  func drawsSmallMachinesCoreByCore() {
    #expect(
      TextReport.tree(Self.machine(packages: 1, threads: 2, allowed: CPUSet(0..<15))) == """
        Some CPU: 16 CPUs
        └─ package 0, node 0 (64 GiB), L3 32 MiB
           ├─ L1d 32 KiB, core 0: CPUs 0-1
           ├─ L1d 32 KiB, core 1: CPUs 2-3
           ├─ L1d 32 KiB, core 2: CPUs 4-5
           ├─ L1d 32 KiB, core 3: CPUs 6-7
           ├─ L1d 32 KiB, core 4: CPUs 8-9
           ├─ L1d 32 KiB, core 5: CPUs 10-11
           ├─ L1d 32 KiB, core 6: CPUs 12-13
           └─ L1d 32 KiB, core 7: CPUs 14-15 (15 not allowed)
        """)
  }

  @Test("What is alike is folded")
  func foldsWhatIsAlike() {
    #expect(
      TextReport.tree(Self.machine(packages: 2, threads: 4)) == """
        Some CPU: 64 CPUs
        ├─ package 0, node 0 (64 GiB), L3 32 MiB
        │  └─ 8 × L1d 32 KiB, cores 0-7: CPUs 0-31
        └─ package 1, node 1 (64 GiB), L3 32 MiB
           └─ 8 × L1d 32 KiB, cores 8-15: CPUs 32-63
        """)
    #expect(
      TextReport.tree(Self.machine(packages: 16, threads: 2)) == """
        Some CPU: 256 CPUs
        └─ 16 × packages 0-15, nodes 0-15 (64 GiB), L3 32 MiB
           └─ 8 × L1d 32 KiB, cores 0-127: CPUs 0-255
        """)
  }

  @Test("What is not there is marked")
  func marksWhatIsNotThere() {
    var machine = Self.machine(packages: 1, threads: 1)
    machine.cpus.offline = [8, 9]
    machine.cpus.isolated = [7]
    machine.numa.append(.init(id: 3, cpus: [], memoryBytes: 8 << 30))
    let lines = TextReport.tree(machine).split(separator: "\n")
    #expect(
      lines.suffix(3) == [
        "│  └─ L1d 32 KiB, core 7: CPU 7 (isolated)", "└─ node 3 (8 GiB), without CPUs", "offline: 8-9",
      ])
  }

  @Test("The page fits the screen", arguments: [1, 2, 8, 16])
  func fitsTheScreen(packages: Int) {
    let machine = Self.machine(
      packages: packages, threads: 4, allowed: CPUSet(stride(from: 0, to: 32 * packages, by: 3)))
    for text in [TextReport.tree(machine), TextReport.machine(machine)] {
      let lines = text.split(separator: "\n")
      #expect(lines.count <= 50)
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(text)")
    }
  }

  @Test("The page names who set the limit")
  func namesWhoSetTheLimit() {
    let text = TextReport.machine(Self.machine(packages: 1, threads: 1))
    #expect(text.contains("CPUs at a time     1.5     /sys/fs/cgroup/deep/"))
    #expect(text.contains("…/cpu.max"))
  }

  /// None is what a file says; unknown is what no file could be read for.
  @Test("Unknown limits are told from none")
  func tellsUnknownLimitsFromNone() {
    var machine = Self.machine(packages: 1, threads: 1)
    machine.usable.sources["memoryBytes"] = "/proc/meminfo"
    machine.limits = .init(
      pids: 100, sources: ["pids": "/cg/pids.max", "openFiles": "/proc/self/limits"],
      unknown: [.init(.memoryBytes, .notMounted, "/proc/self/mountinfo"), .init(.pids, .unreadable, "/cg/a/pids.max")])
    let text = TextReport.machine(machine)
    #expect(text.contains("memory             1 GiB   /proc/meminfo (limit unknown)"), "\(text)")
    #expect(text.contains("processes, threads 100     /cg/pids.max (or less)"), "\(text)")
    #expect(text.contains("open files         none    /proc/self/limits"), "\(text)")
    #expect(
      machine.limits.warnings.map(Sentences().text) == [
        "The memory limit is unknown: no mount in /proc/self/mountinfo shows the cgroup of this process.",
        "The limit on processes may be lower: /cg/a/pids.max cannot be read.",
      ])
  }

  @Test("The page says that huge pages are left out")
  func saysThatHugePagesAreLeftOut() {
    var machine = Self.machine(packages: 1, threads: 1)
    machine.usable.sources["memoryBytes"] = "/proc/meminfo"
    #expect(TextReport.machine(machine).contains("/proc/meminfo\n"))
    machine.numa[0].hugePages = [.init(pageBytes: 2 << 20, total: 250, free: 250)]
    #expect(TextReport.machine(machine).contains("/proc/meminfo, less huge pages\n"))
  }
}
