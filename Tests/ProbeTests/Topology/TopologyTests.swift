import AdvisorCore
import AdvisorTestSupport
import FoundationEssentials
import Testing

@testable import Probe

/// Small machines with one oddity each.
@Suite struct TopologyTests {
  static let cpu = "/sys/devices/system/cpu"
  static let node = "/sys/devices/system/node"

  static func machine(_ files: [String: String]) throws -> Machine {
    try Prober(files: MemoryTree(texts: files)).machine()
  }

  /// Which CPUs are there, by the files that are there.
  @Test(
    "The CPUs are found by the files that are there",
    arguments: [
      (Named("lists", ["\(cpu)/online": "0-3\n", "\(cpu)/present": "0-3\n"]), "0-3", ""),
      // `offline` also names CPUs that could be plugged in; `present` does not.
      (
        Named("pluggable", ["\(cpu)/online": "0-1", "\(cpu)/offline": "2-511", "\(cpu)/present": "0-3"]), "0-1", "2-3"
      ),
      // Holes in the numbering.
      (Named("holes", ["\(cpu)/online": "6-7,10", "\(cpu)/present": "6-7,10"]), "6-7,10", ""),
      // Only the flags of the single CPUs; CPU 0 has none, for it cannot be switched off.
      (
        Named("flags", ["\(cpu)/cpu0/topology/core_id": "0", "\(cpu)/cpu1/online": "0", "\(cpu)/cpu2/online": "1"]),
        "0,2", "1"
      ),
      // No sysfs.
      (Named("cpuinfo", ["/proc/cpuinfo": "processor\t: 0\n\nprocessor\t: 4\n"]), "0,4", ""),
      // IBM Z: arch/s390/kernel/processor.c.
      (
        Named(
          "IBM Z",
          [
            "/proc/cpuinfo": """
            vendor_id       : IBM/S390
            # processors    : 2
            processor 0: version = 00,  identification = 000000,  machine = 8561

            cpu number      : 0
            physical id     : 1

            cpu number      : 3
            physical id     : 1

            """
          ]), "0,3", ""
      ),
      // A list that is no list.
      (Named("no list", ["\(cpu)/online": "(null)", "\(cpu)/cpu3/online": "1"]), "3", ""),
    ])
  func findsTheCPUs(files: Named<[String: String]>, online: String, offline: String) throws {
    let cpus = try Self.machine(files.value).cpus
    #expect(cpus.online.description == online)
    #expect(cpus.offline.description == offline)
  }

  /// The bit of x86 that hypervisors set for their guests, as the kernel names it; other architectures have none.
  @Test(
    "Guests are told from machines",
    arguments: [
      ("flags\t\t: fpu vme hypervisor lahf_lm\n", true), ("flags\t\t: fpu vme vmx\n", false),
      ("flags\t\t: fpu\nvmx flags\t: hypervisor_x\n", false), ("Features\t: fp asimd\n", nil),
    ])
  func tellsGuests(line: String, isVirtual: Bool?) throws {
    let machine = try Self.machine(["/proc/cpuinfo": "processor\t: 0\n" + line])
    #expect(machine.isVirtual == isVirtual)
    // Readers get it, too.
    #expect(try JSONDecoder().decode(Machine.self, from: JSONEncoder().encode(machine)) == machine)
  }

  @Test("Cores are numbered across packages")
  func coresAreNumberedAcrossPackages() throws {
    var files = ["\(Self.cpu)/online": "0-3"]
    for (cpu, siblings, package) in [(0, "0", "0-1"), (1, "1", "0-1"), (2, "2", "2-3"), (3, "3", "2-3")] {
      files["\(Self.cpu)/cpu\(cpu)/topology/thread_siblings_list"] = siblings
      files["\(Self.cpu)/cpu\(cpu)/topology/core_siblings_list"] = package
      // The kernel's own numbers repeat in each package, or say nothing.
      files["\(Self.cpu)/cpu\(cpu)/topology/core_id"] = "\(cpu % 2)"
      files["\(Self.cpu)/cpu\(cpu)/topology/physical_package_id"] = "-1"
    }
    let machine = try Self.machine(files)
    #expect(machine.topology.map(\.core) == [0, 1, 2, 3])
    #expect(machine.topology.map(\.package) == [0, 0, 1, 1])
    #expect(machine.counts.threadsPerCore == 1)
  }

  /// A thread that is switched off leaves its sibling's core with one thread; the other core keeps two.
  @Test("Offline threads do not count")
  func offlineThreadsDoNotCount() throws {
    let machine = try Self.machine([
      "\(Self.cpu)/online": "0,2-3", "\(Self.cpu)/cpu0/topology/thread_siblings": "3",
      "\(Self.cpu)/cpu2/topology/thread_siblings": "c", "\(Self.cpu)/cpu3/topology/thread_siblings": "c",
    ])
    #expect(machine.counts.cores == 2)
    #expect(machine.topology.map(\.siblings) == [[0], [2, 3], [2, 3]])
  }

  @Test("Overlapping cores are reported")
  func overlappingCoresAreReported() throws {
    let machine = try Self.machine([
      "\(Self.cpu)/online": "0-2", "\(Self.cpu)/cpu0/topology/thread_siblings_list": "0-1",
      "\(Self.cpu)/cpu2/topology/thread_siblings_list": "1-2",
    ])
    #expect(machine.topology.map(\.core) == [0, 0, 1])
    #expect(
      machine.warnings.contains(
        .overlappingGroups(groups: .cores, file: "\(Self.cpu)/cpu*/topology/thread_siblings")))
  }

  @Test("Without /sys the probe falls back on cpuinfo")
  func fallsBackOnCPUInfo() throws {
    let info = (0..<4).map { "processor\t: \($0)\nphysical id\t: \($0 / 2)\ncore id\t: 0\n" }.joined(separator: "\n")
    let machine = try Self.machine(["/proc/cpuinfo": info])
    #expect(machine.counts.packages == 2 && machine.counts.cores == 2 && machine.counts.threadsPerCore == 2)
  }

  @Test("A single CPU is a core and a package")
  func aSingleCPUIsACoreAndAPackage() throws {
    let machine = try Self.machine(["/proc/cpuinfo": "processor\t: 0\nmodel name\t: CPU\n"])
    #expect(machine.counts.cores == 1 && machine.counts.packages == 1 && machine.topology.map(\.core) == [0])
  }

  /// Under some hypervisors `die_cpus` names each hardware thread alone: no core lies in two dies.
  @Test("A core has one die")
  func aCoreHasOneDie() throws {
    var files = ["\(Self.cpu)/online": "0-1"]
    for cpu in 0...1 {
      files["\(Self.cpu)/cpu\(cpu)/topology/thread_siblings"] = "3"
      files["\(Self.cpu)/cpu\(cpu)/topology/core_siblings"] = "3"
      files["\(Self.cpu)/cpu\(cpu)/topology/die_cpus"] = "\(cpu + 1)"
    }
    let counts = try Self.machine(files).counts
    #expect(counts.cores == 1 && counts.dies == nil)
  }

  @Test("Unknown cores are null and said so")
  func unknownCoresAreNullAndSaidSo() throws {
    let machine = try Self.machine(["\(Self.cpu)/online": "0-1"])
    #expect(
      machine.counts.cores == nil && machine.counts.packages == nil && machine.topology.map(\.core) == [nil, nil])
    #expect(
      machine.warnings.contains(
        .unknownGroups(groups: .cores, file: "\(Self.cpu)/cpu*/topology/thread_siblings")))
  }

  /// Big and little cores, by `cpu_capacity`; hybrid ones, by the lists of their performance monitors.
  @Test("Cores may be unequal")
  func unequalCores() throws {
    let machine = try Self.machine([
      "\(Self.cpu)/online": "0-1", "\(Self.cpu)/cpu0/cpu_capacity": "512", "\(Self.cpu)/cpu1/cpu_capacity": "1024",
      "/sys/devices/cpu_core/cpus": "1", "/sys/devices/cpu_atom/cpus": "0",
    ])
    #expect(machine.topology.map(\.capacity) == [0.5, 1])
    #expect(machine.topology.map(\.kind) == [.efficiency, .performance])
  }

  @Test(
    "Isolated CPUs of old kernels are found",
    arguments: [
      ("", ""), ("isolcpus=1,3", "1,3"), ("quiet isolcpus=nohz,domain,2-3 x=1", "2-3"), ("isolcpus=all", ""),
    ])
  func isolatedCPUsOfOldKernels(commandLine: String, cpus: String) throws {
    #expect(
      try Self.machine(["\(Self.cpu)/online": "0-3", "/proc/cmdline": commandLine]).cpus.isolated.description == cpus)
  }

  @Test(
    "The model is named",
    arguments: [
      ("model name\t: Fast CPU\n", "Fast CPU"), ("cpu\t\t: POWER9, altivec supported\n", "POWER9, altivec supported"),
      (
        "CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n\nCPU implementer\t: 0x41\nCPU part\t: 0xd05\n",
        "Neoverse-N1 + Cortex-A55"
      ),
      ("CPU implementer\t: 0x41\nCPU part\t: 0xfff\n", "implementer 0x41 part 0xfff"),
      ("vendor_id       : IBM/S390\n", nil),
      // sys-utils/lscpu-arm.c of util-linux; arch/arm64/include/asm/cputype.h of Linux.
      ("CPU implementer\t: 0x51\nCPU part\t: 0x201\n", "Kryo"),
      ("CPU implementer\t: 0x51\nCPU part\t: 0x06f\n", "Krait"),
      ("CPU implementer\t: 0x53\nCPU part\t: 0x002\n", "Exynos M3"),
      ("CPU implementer\t: 0x4e\nCPU part\t: 0x000\n", "Denver"),
      // arch/mips/kernel/proc.c
      ("system type\t: MT7621\ncpu model\t\t: MIPS 1004Kc V2.15\n", "MIPS 1004Kc V2.15"),
    ])
  func namesTheModel(info: String, model: String?) throws {
    #expect(try Self.machine(["\(Self.cpu)/online": "0", "/proc/cpuinfo": info]).model == model)
  }
}
