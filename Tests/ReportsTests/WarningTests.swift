import AdvisorCore
import AdvisorTestSupport
import Console
import Documents
import FoundationEssentials
@testable import Reports
import Testing

/// What makes a machine's description or a profile's figures doubtful: a code with figures in documents, a sentence for people.
@Suite struct WarningTests {
  private static let machine: [(Machine.Warning, String)] = [
    (
      .unknown(property: .model, fault: .doesNotSay, file: "/proc/cpuinfo"),
      "The CPU's model is unknown: /proc/cpuinfo does not say."
    ),
    (.unknown(property: .affinity, fault: .missing, file: "/s"), "The affinity mask is unknown: /s is missing."),
    (
      .unknownGroups(groups: .cores, file: "/t"),
      "The cores are unknown: /t is missing, and /proc/cpuinfo does not say."
    ),
    (
      .ungroupedCPUs(groups: .packages, cpus: [1, 2], file: "/t"),
      "The packages of CPUs 1-2 are unknown: /t is missing or leaves them out."
    ),
    (.overlappingGroups(groups: .cores, file: "/t"), "/t contradict one another: some cores overlap."),
    (.unknownCaches(folder: "/c"), "The caches are unknown: /c is missing."),
    (
      .incompleteCaches(cpus: [0]),
      "Some caches of CPU 0 are left out: cache/index*/shared_cpu_map is missing or wrong."
    ),
    (.noNodes(folder: "/n"), "/n is missing: the machine is taken as one NUMA node."),
    (
      .unknownNodeCPUs(node: 1, fault: .unreadable, file: "/n"),
      "The CPUs of NUMA node 1 are unknown: /n cannot be read."
    ),
    (.unknownNodeMemory(node: 1, fault: .missing, file: "/n"), "The memory of NUMA node 1 is unknown: /n is missing."),
    (.unknownDistances(file: "/d"), "Some NUMA distances are unknown: /d is missing."),
    (.malformedDistances(file: "/d", count: 3, nodes: 2), "/d holds 3 numbers for 2 NUMA nodes, and is left out."),
    (.cpusInSeveralNodes(cpus: [1], folder: "/n"), "/n/node*/cpulist put CPU 1 in several nodes."),
    (.cpusInNoNode(cpus: [3], folder: "/n"), "/n/node*/cpulist put CPU 3 in no node."),
    (.differentMemory(node: 0, bytes: 8, libnumaBytes: 9), "NUMA node 0 has 8 bytes by sysfs and 9 by libnuma."),
    (
      .differentDistance(from: 0, to: 1, distance: 20, libnumaDistance: 21),
      "From NUMA node 0 to 1 it is 20 by sysfs and 21 by libnuma."
    ),
    (.unlistedCPUs(cpus: [4], file: "/o"), "/o leaves out CPU 4, which the affinity mask names: the mask counts."),
    (
      .contradictoryCpuset(cpus: [4], file: "/o"),
      "/o leaves out CPU 4, on which this process may run: it does not count."
    ),
    (
      .isolatedCPUs(cpus: [2, 3], source: "/i"),
      "CPUs 2-3 are isolated (/i) and do not count: the kernel moves no task there."
    ),
    (
      .onlyIsolatedCPUs(cpus: [2, 3], source: "/i"),
      "CPUs 2-3 are isolated (/i): the kernel keeps all tasks on one of them, unless each is pinned. One CPU counts; to use "
        + "all, start one advisor on each: taskset -c 2 advisor …"
    ),
    (
      .impossibleHugePages(file: "/m"),
      "More memory is reserved as huge pages than there is, by /m: they are not counted."
    ),
    (
      .unreadableLimits(limits: [.cpuQuota, .memoryBytes, .pids], mayBeLower: false, cause: .missing, file: "/cg/a"),
      "The CPU quota, the memory limit and the limit on processes are unknown: /cg/a is missing."
    ), (.words(text: "As it was."), "As it was."),
  ]

  private static let profile: [(ProfileWarning, String)] = [
    (.notMeasured(what: "disk", problem: "no file"), "Not measured (disk): no file."),
    (.nodePairsNotMeasured(pairs: 2), "Not measured (memory): 2 pairs of NUMA nodes, for want of time."),
    (.oneCPU, "Only one CPU is usable: no cost between two CPUs was measured."),
    (.interrupted, "The calibration was interrupted: later phases are missing."),
    (.cutShort, "The measurement was interrupted: figures are missing or rest on fewer samples."),
    (.unseenWorkers(workers: 1, of: 8), "1 of 8 workers got none of the tasks that look at them."),
    (.unpinned(problem: "EPERM"), "Threads ran unpinned, wherever the kernel put them: EPERM."),
    (
      .contended,
      "Other programs kept the CPUs busy: the floors of costs that block are the tenth percentile, since medians would be "
        + "time in the run queue."
    ),
    (
      .disturbed(costs: ["a", "b"]),
      "No undisturbed moment was found for: a, b; their floors are of the quietest tenth."
    ),
    (.pageCache, "The file system allows no direct reads: the disk figures are those of the page cache."),
    (
      .throttled(share: 0.1),
      "The CPU quota kept threads from running for 10 % of the time: costs that need the CPU at a certain moment are longer "
        + "than without it."
    ),
    (.slowedDown(times: 1), "The processor slowed down 1 time for heat or power: look after its cooling."),
    (.turbo, "Turbo is on: a core alone runs faster than among busy ones, which the speedups include."),
    (
      .poorParts(parts: ["computing", "disk"]),
      "Measured while the machine was disturbed, with wider intervals: computing, disk. The next run on the quiet machine "
        + "measures these again."
    ), (.otherLoad(share: 0.4), "Other processes used 40 % of the CPUs while this was measured."),
    (.stolen(share: 0.05), "The hypervisor gave 5 % of the CPU time to other guests."),
    (
      .neighbour(slowdown: 1.3),
      "Something beside this machine slowed code with much parallelism 1.3× at the median: a neighbour on the same physical "
        + "core, most likely."
    ), (.runSpread(share: 0.2), "The same work varied by 20 % from run to run."),
    (
      .movedCPUs(minSeconds: 65e-9, maxSeconds: 380e-9),
      "The host moved this machine's CPUs while they were measured: a cache line took 65 ns to 380 ns from one to another and "
        + "back. What several CPUs do together is of both places."
    ), (.fewSamples(figures: 1, of: 73, minSamples: 5), "Too few samples: 1 of 73 figures rest on less than 5."),
    (.imprecise(figures: 21, of: 73), "Known to no better than 5 %: 21 of 73 figures, marked ~ in the tables."),
    (
      .boundedSpeedups(speedups: [.init("sort", workers: 4, speedup: 4.84, maxSpeedup: 2)]),
      "Speedups that cannot be, and were bounded by the CPUs: sort, 4 workers, 4.84× where 2× can be."
    ),
    (
      .pooled(figures: 3, of: 3, since: "1 May"),
      "Alike, and the mean of both, in the calibration of 1 May: 3 of 3 figures."
    ),
    (
      .moved(figures: 2, of: 3, since: "1 May"),
      "Moved by more than 5 % since the calibration of 1 May: 2 of 3 figures; their intervals hold both values."
    ),
    (
      .movedCPUsSince(seconds: 350e-9, before: 70e-9),
      "The host has moved this machine's CPUs since then: a cache line took 70 ns from one to another and back, and now takes "
        + "350 ns."
    ),
    (
      .imagined(cpus: 64, numaNodes: 2),
      "Imagined: 64 CPUs on 2 NUMA nodes, presuming that speedups stay as efficient as measured and that memory bandwidth "
        + "grows with the CPUs."
    ), (.words(text: "As it was."), "As it was."),
  ]

  private static let counts: [(CPUCount.Warning, String)] = [
    (
      .unreadableLimits(limits: [.cpuQuota], mayBeLower: true, cause: .malformed, file: "/cg/cpu.max"),
      "The CPU quota may be lower: /cg/cpu.max is malformed."
    ),
    (.invalidVariable(name: "NSLOTS", value: "four"), "$NSLOTS is “four”, which is no number of CPUs: it is not used."),
    (
      .workerTooLarge(bytes: 0x1p33, usableBytes: 0x1p32),
      "One worker needs 8 GiB, more than the 4 GiB that may be used."
    ), (.tooManyCPUs(cpus: 8, usable: 2), "--cpus 8 is more than the 2 that may be used at a time."),
  ]

  @Test("A warning about a machine is said in one way", arguments: machine)
  func saysMachine(warning: Machine.Warning, sentence: String) { #expect(Sentences().text(warning) == sentence) }

  @Test("A warning about figures is said in one way", arguments: profile)
  func saysProfile(warning: ProfileWarning, sentence: String) { #expect(Sentences().text(warning) == sentence) }

  @Test("A warning about a count is said in one way", arguments: counts)
  func saysCount(warning: CPUCount.Warning, sentence: String) { #expect(Sentences().text(warning) == sentence) }

  @Test("A saved profile holds codes; what is printed has sentences beside them; both are read back")
  func readBack() throws {
    var saved = SampleProfile.twoCores
    saved.machine.warnings = Self.machine.map(\.0)
    saved.quality = Self.profile.map(\.0)
    let text = try JSONDocument.text(of: saved)
    #expect(text.contains(#""code" : "imagined""#) && !text.contains("Imagined:"))
    #expect(try JSONDocument.decode(MachineProfile.self, from: Data(text.utf8), of: "saved") == saved)
    let printed = try JSONDocument.text(of: Document(saved))
    #expect(printed.contains("Imagined:") && printed.contains("is taken as one NUMA node."))
    #expect(try JSONDocument.decode(MachineProfile.self, from: Data(printed.utf8), of: "printed") == saved)
  }

  @Test("Sentences of an earlier version, and of codes that only a later one has, are kept")
  func otherVersions() throws {
    let list = #"["Turbo is on.", {"code": "sunspots", "count": 3, "text": "Sunspots."}, {"code": "turbo"}]"#
    let read = try JSONDocument.decode(Coded<ProfileWarning>.self, from: Data(list.utf8), of: "test").wrappedValue
    #expect(read == [.words(text: "Turbo is on."), .words(text: "Sunspots."), .turbo])
  }

  /// Recorded before warnings had codes.
  @Test("A profile that was recorded with sentences is read")
  func recorded() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../profiles/amd-epyc-vm-2cpu.json")
    let profile = try JSONDocument.read(MachineProfile.self, from: path.path)
    #expect(profile.quality.first == .words(text: "Too few samples: 1 of 73 figures rest on less than 5."))
    #expect(TextReport.profile(profile).contains("Known to no better than 5 %"))
  }

  @Test("A code that there is not, without a sentence, is refused")
  func unknownCode() {
    #expect(throws: AdvisorError.self) {
      try JSONDocument.decode(Coded<ProfileWarning>.self, from: Data(#"[{"code": "sunspots"}]"#.utf8), of: "test")
    }
  }
}
