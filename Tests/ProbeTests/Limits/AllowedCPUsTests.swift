import AdvisorCore
import Testing

@testable import Probe

/// The affinity mask is the kernel's word on where a process runs; no file makes it none.
@Suite struct AllowedCPUsTests {
  static let cpu = "/sys/devices/system/cpu"

  static func machine(_ files: [String: String]) throws -> Machine {
    let base = ["\(cpu)/online": "0-3", "/proc/self/status": "Cpus_allowed_list:\t0-3\n"]
    return try Prober(files: MemoryTree(texts: base.merging(files) { $1 })).machine()
  }

  /// LXCFS shows as many CPUs as the quota has, from 0 on, whatever the cpuset is.
  @Test(
    "A made-up list of online CPUs gives way",
    arguments: [
      (["\(cpu)/online": "0", "/proc/self/status": "Cpus_allowed_list:\t1\n"], "1"),
      (["\(cpu)/online": "0-1", "/proc/self/status": "Cpus_allowed_list:\t4-7\n"], "4-7"),
      // Part of the mask is listed; the marks of a CPU that is switched on tell of the rest.
      (["\(cpu)/online": "0-1", "\(cpu)/cpu2/online": "1", "/proc/self/status": "Cpus_allowed_list:\t1-3\n"], "1-2"),
      (
        [
          "\(cpu)/online": "0-1", "\(cpu)/cpu2/topology/thread_siblings": "4",
          "/proc/self/status": "Cpus_allowed_list:\t1-3\n",
        ], "1-2"
      ),
      (
        ["\(cpu)/online": "x", "/proc/cpuinfo": "processor : 0\n", "/proc/self/status": "Cpus_allowed_list:\t3\n"], "3"
      ),
    ])
  func aMadeUpListOfOnlineCPUsGivesWay(files: [String: String], usable: String) throws {
    let machine = try Self.machine(files)
    #expect(machine.cpus.usable.description == usable)
    #expect(machine.usable.logicalCPUs == machine.cpus.usable.count)
    #expect(machine.cpus.usable.isSubset(of: machine.cpus.online))
    #expect(machine.topology.map(\.id) == Array(machine.cpus.online))
    #expect(machine.warnings.contains { if case .unlistedCPUs(_, "\(Self.cpu)/online") = $0 { true } else { false } })
  }

  @Test("Without /sys and /proc/cpuinfo the mask alone names CPUs")
  func theMaskAloneIsEnough() throws {
    let files = MemoryTree(texts: ["/proc/self/status": "Cpus_allowed_list:\t2-3\n"])
    #expect(try Prober(files: files).machine().cpus.usable == [2, 3])
  }

  @Test("The mask counts where the cpuset contradicts", arguments: ["6-7", "0"])
  func theMaskCountsWhereTheCpusetContradicts(cpuset: String) throws {
    let machine = try Self.machine(
      CgroupLimitsTests.unified.merging(["/cg/a/b/cpuset.cpus.effective": cpuset]) { $1 })
    #expect(machine.cpus.usable == [0, 1, 2, 3])
    #expect(
      machine.warnings.contains {
        if case .contradictoryCpuset(_, "/cg/a/b/cpuset.cpus.effective") = $0 { true } else { false }
      })
  }

  /// A CPU that the mask names and that is switched off is neither usable nor worth a word.
  @Test("A CPU in the mask that is switched off is passed over")
  func switchedOffCPUsInTheMask() throws {
    let machine = try Self.machine(["\(Self.cpu)/cpu4/online": "0", "/proc/self/status": "Cpus_allowed_list:\t2-9\n"])
    #expect(machine.cpus.usable == [2, 3])
    #expect(!machine.warnings.contains { if case .unlistedCPUs = $0 { true } else { false } })
  }

  /// kernel-parameters.txt, `isolcpus`: "isolate from the general SMP balancing and scheduling algorithms"; tasks that
  /// are not pinned stay on the CPU on which they start.
  @Test(
    "Only what the scheduler balances counts",
    arguments: [
      ("2-3", "2", true), ("1-3", "1", true), ("0-3", "0-1", true), ("0-1", "0-1", false), ("3", "3", false),
    ])
  func onlyWhatTheSchedulerBalancesCounts(mask: String, usable: String, isSaid: Bool) throws {
    let machine = try Self.machine([
      "\(Self.cpu)/isolated": "2-3", "/proc/self/status": "Cpus_allowed_list:\t\(mask)\n",
    ])
    #expect(machine.cpus.usable.description == usable)
    #expect(machine.cpus.allowed.description == mask)
    #expect(machine.usable.effectiveCPUs == Double(machine.cpus.usable.count))
    #expect(
      machine.warnings.contains {
        switch $0 {
        case .isolatedCPUs(_, let file), .onlyIsolatedCPUs(_, let file): file == "\(Self.cpu)/isolated"
        default: false
        }
      } == isSaid)
  }

  /// kernel-parameters.txt: with flags, load balancing goes on unless `domain` is among them.
  @Test(
    "The command line of old kernels is read",
    arguments: [
      ("isolcpus=2-3", "2-3"), ("isolcpus=domain,2-3", "2-3"), ("isolcpus=nohz,domain,2-3", "2-3"),
      ("isolcpus=nohz,2-3", ""), ("isolcpus=managed_irq,2-3", ""),
    ])
  func readsTheCommandLineOfOldKernels(line: String, isolated: String) throws {
    #expect(try Self.machine(["/proc/cmdline": "quiet \(line) ro"]).cpus.isolated.description == isolated)
  }

  /// cgroup-v2.rst, `cpuset.cpus.partition`; a partition that the kernel could not make says `invalid`.
  @Test(
    "An isolated partition is one CPU",
    arguments: [
      ("isolated", 1), ("member", 4), ("root", 4), ("isolated invalid (Cpu list in cpuset.cpus not exclusive)", 4),
    ])
  func anIsolatedPartitionIsOneCPU(partition: String, count: Int) throws {
    let machine = try Self.machine(
      CgroupLimitsTests.unified.merging([
        "/cg/a/b/cpuset.cpus.effective": "0-3", "/cg/a/cpuset.cpus.partition": partition,
        "/cg/a/b/cpuset.cpus.partition": "member",
      ]) { $1 })
    #expect(machine.usable.logicalCPUs == count)
  }

  /// cpuset(7): load is balanced within a group whose `sched_load_balance` is set.
  @Test("A cpuset without load balancing is one CPU", arguments: [("0", "0", 1), ("0", "1", 4), ("1", "0", 4)])
  func aCpusetWithoutLoadBalancingIsOneCPU(own: String, root: String, count: Int) throws {
    let machine = try Self.machine([
      "/proc/self/cgroup": "2:cpuset:/a\n", "/proc/self/mountinfo": "34 31 0:31 / /cg rw - cgroup cgroup rw,cpuset\n",
      "/cg/a/cpuset.effective_cpus": "0-3", "/cg/a/cpuset.sched_load_balance": own,
      "/cg/cpuset.sched_load_balance": root,
    ])
    #expect(machine.usable.logicalCPUs == count)
  }
}
