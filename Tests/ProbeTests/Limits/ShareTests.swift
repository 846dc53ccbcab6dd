import AdvisorCore
import Testing

@testable import Probe

/// The least of everything decides, and its file is named.
@Suite struct ShareTests {
  static func machine(_ files: [String: String]) throws -> Machine {
    let base = [
      "/sys/devices/system/cpu/online": "0-3\n", "/proc/meminfo": "MemTotal: 4194304 kB\n",
      "/proc/self/status": "Cpus_allowed_list:\t0-3\n",
    ]
    return try Prober(files: MemoryTree(texts: base.merging(CgroupLimitsTests.unified) { $1 }.merging(files) { $1 }))
      .machine()
  }

  @Test("A quota is kept as the fraction that it is")
  func aQuotaIsKeptAsTheFractionThatItIs() throws {
    let machine = try Self.machine(["/cg/a/cpu.max": "150000 100000"])
    #expect(machine.usable.effectiveCPUs == 1.5)
    #expect(machine.usable.logicalCPUs == 4)
    #expect(machine.limits.cpuQuota == 1.5 && machine.limits.cpuPeriodSeconds == 0.1)
    #expect(machine.usable.sources["effectiveCPUs"] == "/cg/a/cpu.max")
  }

  @Test("A quota above the CPUs changes nothing")
  func aQuotaAboveTheCPUsChangesNothing() throws {
    let machine = try Self.machine(["/cg/cpu.max": "800000 100000"])
    #expect(machine.usable.effectiveCPUs == 4)
    #expect(machine.usable.sources["effectiveCPUs"] == "/proc/self/status")
  }

  @Test("Affinity narrows the cpuset")
  func affinityNarrowsTheCpuset() throws {
    let machine = try Self.machine([
      "/cg/a/b/cpuset.cpus.effective": "0-2", "/proc/self/status": "Cpus_allowed_list:\t1\n",
    ])
    #expect(machine.cpus.usable == [1])
    #expect(machine.usable.sources["logicalCPUs"] == "/proc/self/status")
  }

  @Test("The cpuset is named where it decides")
  func theCpusetIsNamedWhereItDecides() throws {
    let machine = try Self.machine([
      "/cg/a/b/cpuset.cpus.effective": "0-2", "/proc/self/status": "Cpus_allowed_list:\t0-2\n",
    ])
    #expect(machine.usable.logicalCPUs == 3)
    #expect(machine.usable.sources["logicalCPUs"] == "/cg/a/b/cpuset.cpus.effective")
  }

  /// The mask may name CPUs that are switched off.
  @Test("Usable CPUs are online")
  func usableCPUsAreOnline() throws {
    #expect(try Self.machine(["/proc/self/status": "Cpus_allowed_list:\t2-9\n"]).cpus.usable == [2, 3])
  }

  @Test("Memory is the lesser of machine and limit")
  func memoryIsTheLesserOfMachineAndLimit() throws {
    #expect(try Self.machine([:]).usable.memoryBytes == 4 << 30)
    let limited = try Self.machine(["/cg/memory.max": "1073741824"])
    #expect(limited.usable.memoryBytes == 1 << 30)
    #expect(limited.usable.sources["memoryBytes"] == "/cg/memory.max")
  }

  /// `cpuset.mems` keeps a process away from the other nodes' memory (cpuset(7)); the list counts possible nodes too.
  @Test(
    "Only allowed nodes have usable memory",
    arguments: [("1", 2 << 30, "/proc/self/status"), ("0-63", 4 << 30, "/proc/meminfo")])
  func onlyAllowedNodesHaveUsableMemory(nodes: String, bytes: Int, source: String) throws {
    let node = "/sys/devices/system/node"
    let machine = try Self.machine([
      "\(node)/online": "0-1", "\(node)/node0/cpumap": "3", "\(node)/node1/cpumap": "c",
      "\(node)/node0/meminfo": "Node 0 MemTotal: 2097152 kB\n",
      "\(node)/node1/meminfo": "Node 1 MemTotal: 2097152 kB\n",
      "/proc/self/status": "Cpus_allowed_list:\t0-3\nMems_allowed_list:\t\(nodes)\n",
    ])
    #expect(machine.usable.memoryBytes == bytes)
    #expect(machine.usable.sources["memoryBytes"] == source)
  }

  /// The tightest ancestor's own count, and the kernel's room for all (proc(5)): threads-max, pid_max, max_map_count.
  @Test("Processes in use and the kernel's own limits are read")
  func processesInUse() throws {
    let kernel = [
      "/proc/sys/kernel/threads-max": "1700\n", "/proc/sys/kernel/pid_max": "4194304\n",
      "/proc/sys/vm/max_map_count": "65530\n",
    ]
    let small = try Self.machine(kernel).limits
    #expect(small.pids == 1700 && small.sources["pids"] == "/proc/sys/kernel/threads-max" && small.pidsInUse == nil)
    #expect(small.mappings == 65_530)
    let cgroup = try Self.machine(
      kernel.merging(["/cg/a/pids.max": "100\n", "/cg/a/pids.current": "83\n", "/cg/a/b/pids.max": "max\n"]) { $1 }
    ).limits
    #expect(cgroup.pids == 100 && cgroup.pidsInUse == 83 && cgroup.sources["pids"] == "/cg/a/pids.max")
  }

  @Test("What could not be read is said")
  func saysWhatItCouldNotRead() throws {
    let machine = try Prober(files: MemoryTree(texts: ["/sys/devices/system/cpu/online": "0"])).machine()
    #expect(machine.cpus.allowed == [0])
    #expect(Machine.Limits.Name.allCases.allSatisfy(machine.limits.isUnknown))
    let missing = machine.warnings.compactMap { warning -> String? in
      switch warning {
      case .unreadableLimits(_, _, .missing, let file), .unknown(_, .missing, let file): file
      case .unknownCaches(let folder): folder
      default: nil
      }
    }
    let cache = "/sys/devices/system/cpu/cpu*/cache"
    for file in ["/proc/self/mountinfo", "/proc/self/status", "/proc/self/limits", cache, "/proc/cpuinfo"] {
      #expect(missing.contains(file), "\(file)")
    }
  }

  @Test("A machine without CPUs is an error")
  func aMachineWithoutCPUsIsAnError() {
    #expect(throws: AdvisorError.self) { try Prober(files: MemoryTree(texts: [:])).machine() }
  }
}
