import AdvisorCore
import FoundationEssentials
import Glibc
import System
import Testing

@testable import Probe

/// What this kernel does with limits that are really set.
@Suite struct LiveLimitsTests {
  @Test(
    "A quota of the parent is followed",
    .enabled(if: LiveCgroup.isAllowed("cpu"), "needs root and a writable hierarchy with the controller cpu"),
    arguments: [(50_000, 100_000), (150_000, 100_000), (30_000, 25_000)])
  func followsAQuotaOfTheParent(quota: Int, period: Int) throws {
    let group = try LiveCgroup("cpu")
    let folder = try #require(group.outer["cpu"])
    let file = group.isUnified ? "\(folder)/cpu.max" : "\(folder)/cpu.cfs_quota_us"
    if group.isUnified {
      try group.write("\(quota) \(period)", to: file)
    } else {
      try group.write("\(period)", to: "\(folder)/cpu.cfs_period_us")
      try group.write("\(quota)", to: file)
    }
    let machine = try Prober(files: try group.files()).machine()
    let cpus = Double(quota) / Double(period)
    #expect(machine.limits.cpuQuota == cpus)
    #expect(machine.limits.sources["cpuQuota"] == file)
    #expect(machine.usable.effectiveCPUs == min(cpus, Double(machine.usable.logicalCPUs)))
  }

  @Test(
    "A cpuset is followed",
    .enabled(if: LiveCgroup.isAllowed("cpuset"), "needs root and a writable hierarchy with the controller cpuset"))
  func followsACpuset() throws {
    let group = try LiveCgroup("cpuset")
    let folder = try #require(group.outer["cpuset"])
    let last = try #require(PresentCPUs(in: FolderTree.live)?.online.last)
    try group.write("\(last)", to: "\(folder)/inner/cpuset.cpus")
    let machine = try Prober(files: try group.files()).machine()
    #expect(machine.cpus.usable == [last])
    #expect(machine.usable.effectiveCPUs == 1)
    #expect(machine.usable.sources["logicalCPUs"]?.hasPrefix("\(folder)/inner/") == true)
  }

  @Test(
    "A memory limit of the parent is followed",
    .enabled(if: LiveCgroup.isAllowed("memory"), "needs root and a writable hierarchy with the controller memory"))
  func followsAMemoryLimitOfTheParent() throws {
    let group = try LiveCgroup("memory")
    let folder = try #require(group.outer["memory"])
    let file = group.isUnified ? "\(folder)/memory.max" : "\(folder)/memory.limit_in_bytes"
    try group.write("268435456", to: file)
    let machine = try Prober(files: try group.files()).machine()
    #expect(machine.usable.memoryBytes == 256 << 20)
    #expect(machine.usable.sources["memoryBytes"] == file)
  }

  /// The kernel tells the mask of a process twice; both are the same.
  @Test("The mask agrees with the system call")
  func agreesWithTheSystemCall() throws {
    #expect(ProcessStatus(in: FolderTree.live).affinity == (try Affinity.current()))
  }

  @Test("The number of CPUs agrees with nproc")
  func agreesWithNproc() throws {
    // OpenMP's variables would change its answer.
    let nproc = try #require(popen("env -i PATH=/usr/bin:/bin nproc", "re"))
    var line = [CChar](repeating: 0, count: 32)
    fgets(&line, 32, nproc)
    try #require(pclose(nproc) == 0)
    let answer = KernelText.integer(line.map(UInt8.init(bitPattern:))[...])
    #expect(try Prober.live.machine().usable.logicalCPUs == answer)
  }
}
