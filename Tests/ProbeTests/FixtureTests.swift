import AdvisorCore
import Foundation
import Testing

@testable import Probe

/// The repository's own recorded machines, with what lscpu, numactl and nproc printed on them.
@Suite struct FixtureTests {
  struct Recorded: CustomTestStringConvertible {
    var name: String
    var packages: Int
    var cores: Int
    var logicalCPUs: Int
    var distances: [[Int]]
    /// `nproc`.
    var usable: Int

    var testDescription: String { name }

    init(_ name: String, _ packages: Int, _ cores: Int, _ logicalCPUs: Int, _ distances: [[Int]], usable: Int? = nil) {
      self.name = name
      self.packages = packages
      self.cores = cores
      self.logicalCPUs = logicalCPUs
      self.distances = distances
      self.usable = usable ?? logicalCPUs
    }
  }

  static let twoNodes = [[10, 21], [21, 10]]

  static let machines = [
    Recorded("firecracker", 1, 2, 2, [[10]]),
    Recorded("flat", 1, 4, 4, [[10]]),
    Recorded("2s-smt", 2, 8, 16, twoNodes),
    Recorded("2s-smt-adjacent", 2, 8, 16, twoNodes),
    Recorded("4node", 3, 6, 12, [[10, 21, 31, 17], [21, 10, 21, 28], [31, 21, 10, 28], [17, 28, 28, 10]]),
    Recorded("hmat", 2, 4, 8, [[10, 21, 24], [21, 10, 34], [24, 34, 10]]),
    Recorded("sparse", 2, 4, 8, [[10, 31], [31, 10]]),
    Recorded("uneven", 1, 4, 8, [[10, 16], [16, 10]]),
    Recorded("ragged", 2, 4, 7, twoNodes),
    Recorded("dies", 1, 8, 16, [[10, 11], [11, 10]]),
    Recorded("offline", 2, 7, 13, twoNodes),
    Recorded("nosmt", 2, 8, 8, twoNodes),
    Recorded("maxcpus", 2, 6, 6, twoNodes),
    Recorded("isolated", 2, 8, 16, twoNodes, usable: 12),
    Recorded("numa-off", 2, 8, 16, [[10]]),
    Recorded("hugepages", 2, 8, 16, twoNodes),
    Recorded("cgroup", 2, 8, 16, twoNodes, usable: 3),
    Recorded("cgroup1", 2, 8, 16, twoNodes, usable: 3),
    Recorded("cgroup-nested", 2, 8, 16, twoNodes, usable: 6),
    Recorded("container", 2, 8, 16, twoNodes, usable: 3),
    Recorded("wide", 4, 10, 11, (0..<6).map { node in (0..<6).map { $0 == node ? 10 : 20 } }),
  ]

  static func machine(_ name: String) throws -> Machine {
    let archive = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "tar.gz"))
    return try Prober(files: try Snapshot.open(archive.path)).machine()
  }

  @Test("The probe agrees with the tools that ran there", arguments: machines)
  func agreesWithTheToolsThatRanThere(recorded: Recorded) throws {
    let machine = try Self.machine(recorded.name)
    #expect(machine.counts.packages == recorded.packages)
    #expect(machine.counts.cores == recorded.cores)
    #expect(machine.counts.logicalCPUs == recorded.logicalCPUs)
    #expect(machine.numa.map(\.distances) == recorded.distances)
    #expect(machine.usable.logicalCPUs == recorded.usable)
    #expect(machine.warnings == [])
  }

  /// The limits that were set there: 150 ms in 100 ms, 256 MiB.
  @Test(
    "The limits that were set there are found",
    arguments: [
      ("cgroup", "/sys/fs/cgroup/g1/cpu.max"), ("cgroup1", "/sys/fs/cgroup/cpu/g1/cpu.cfs_quota_us"),
      ("cgroup-nested", "/sys/fs/cgroup/g1/cpu.max"), ("container", "/sys/fs/cgroup/cpu.max"),
    ])
  func findsTheLimits(name: String, source: String) throws {
    let machine = try Self.machine(name)
    #expect(machine.usable.effectiveCPUs == 1.5)
    #expect(machine.limits.sources["cpuQuota"] == source)
    #expect(machine.usable.memoryBytes == 256 << 20)
  }

  @Test(
    "The CPUs that are switched off are found",
    arguments: [
      ("offline", "1,3,11"), ("nosmt", "8-15"), ("maxcpus", "6-15"), ("wide", "6-29,31-65,67-70,72-129,131-142"),
    ])
  func findsTheCPUsThatAreSwitchedOff(name: String, offline: String) throws {
    #expect(try Self.machine(name).cpus.offline.description == offline)
  }

  @Test("Dies and isolated CPUs are found")
  func findsDiesAndIsolatedCPUs() throws {
    #expect(try Self.machine("dies").counts.dies == 2)
    #expect(try Self.machine("isolated").cpus.isolated.description == "2-3,10-11")
    #expect(
      try Self.machine("hugepages").numa.contains { $0.hugePages.contains { $0.pageBytes == 2 << 20 && $0.total > 0 } })
    #expect(try Self.machine("4node").numa.map(\.cpus.isEmpty) == [false, false, false, true])
  }
}
