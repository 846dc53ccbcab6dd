import AdvisorCore
import Testing

/// The probe beside the reference tools, on machines that other projects recorded.
@Suite(.enabled(if: RecordedMachine.corpus != nil, "set ADVISOR_TOPOLOGY_CORPUS to the folder of recorded machines"))
struct TopologyCorpusTests {
  @Test("The probe agrees with the reference tools", arguments: RecordedMachine.all)
  func agreesWithTheReferenceTools(recorded: RecordedMachine) throws {
    let answers = try recorded.answers
    let decided = decisions[recorded.name] ?? [:]
    let expected = answers.fields.merging(decided) { $1 }
    let observed = Field.all(of: try recorded.probe())
    for (field, value) in expected { #expect(observed[field] == value, "\(field)") }
    #expect(answers.disputed.isSubset(of: decided.keys), "every dispute is decided, with its reason")
  }
}

/// What is right where the tools disagree, and where the only one that answers is not followed; each with the kernel's
/// file that decides.
private let decisions: [String: [Field: String]] = [
  // `node0/cpumap` still holds the CPUs that are switched off, and libnuma repeats it; `cpuN/online` says which those are.
  "hwloc-16em64t-4s2c2t-offlines": [.nodeCPUs(0): "0-1,3-4,6-12,15"],
  // `cpu/online` leaves out CPU 4: its `cache/` is left from before, and lscpu counts it.
  "hwloc-16amd64-8n2c-cpusets": [.caches: "L1 data 65536 ×15, L1 instruction 65536 ×15, L2 unified 1048576 ×15"],
  // `topology/thread_siblings` pairs the two halves of a module, which share a front end and a floating-point unit;
  // hwloc knows the family, and takes its `core_id` for the core.
  "hwloc-64amd64-4s2n4ca2co": [.cores: "32", .threadsPerCore: "2"],
  // Each of the eight `node*/cpumap` claims all CPUs, and each node has its own `meminfo`; hwloc merges them into one.
  "hwloc-8em64t-2s2ca2c-buggynuma": [.nodes: "[0, 1, 2, 3, 4, 5, 6, 7]", .memory: "16775724"],
  // `cache/index2/shared_cpu_map` is there on CPUs 1, 2, 3, 5, 6 and 7, two of them to a cache; lscpu finds two of the three.
  "hwloc-8em64t-2s4c-asymcaches": [.caches: "L1 data 32768 ×5, L1 instruction 32768 ×5, L2 unified 4194304 ×3"],
  // `node*/cpumap` of these nodes is empty; hwloc names the CPUs that are nearest to their memory.
  "hwloc-fakeheteromemtiers": [.nodeCPUs(4): "", .nodeCPUs(6): "", .nodeCPUs(8): "", .nodeCPUs(9): ""],
  "nri-server": [.nodeCPUs(4): "", .nodeCPUs(5): ""],
  // `node0/cpumap` lists the possible CPUs 0-140, and lscpu and libnuma repeat it; `cpu/online` has 0-7.
  "lscpu-s390-lpar-drawer": [.nodeCPUs(0): "0-7"],
  // `/proc/cpuinfo` has the core's numbers, 0x41 and 0xc0f; its text `ARMv7 Processor rev 4 (v7l)` fits many cores.
  "lscpu-armv7": [.model: "Cortex-A15"],
  // `/proc/cpuinfo` lists the cores in this order; lscpu sorts their names.
  "lscpu-arm-A510-A710-A715-X3": [.model: "Cortex-A510 + Cortex-A715 + Cortex-A710 + Cortex-X3"],
  // `cpuN/l2_cache_size` and its like do not say who shares a cache; lscpu takes each for private.
  "lscpu-sparc64": [.caches: "L1 data 16384, L1 instruction 16384, L2 unified 1048576"],
]
