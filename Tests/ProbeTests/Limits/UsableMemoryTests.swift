import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import Probe

/// Memory that is reserved as huge pages is no process's that does not ask for them (hugetlbpage.rst).
@Suite struct UsableMemoryTests {
  static let node = "/sys/devices/system/node"

  static func machine(_ files: [String: String]) throws -> Machine {
    let base = ["/sys/devices/system/cpu/online": "0-1", "/proc/self/status": "Cpus_allowed_list:\t0-1\n"]
    return try Prober(files: MemoryTree(texts: base.merging(files) { $1 })).machine()
  }

  /// A guest of 1 GiB with `nr_hugepages` 250 has 972 MiB in all, and 283 MiB of it available.
  @Test(
    "Huge pages are not usable",
    arguments: [
      Named(
        "meminfo",
        ["/proc/meminfo": "MemTotal: 995328 kB\nHugePages_Total: 250\nHugepagesize: 2048 kB\nHugetlb: 512000 kB\n"]),
      Named(
        "meminfo before Linux 4.19",
        ["/proc/meminfo": "MemTotal: 995328 kB\nHugePages_Total:   250\nHugepagesize:     2048 kB\n"]),
      Named(
        "sysfs",
        [
          "/proc/meminfo": "MemTotal: 995328 kB\n", "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages": "250",
          "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages": "250",
        ]),
      Named(
        "sysfs by node",
        [
          "/proc/meminfo": "MemTotal: 995328 kB\n", "\(node)/online": "0", "\(node)/node0/cpumap": "3",
          "\(node)/node0/hugepages/hugepages-2048kB/nr_hugepages": "250",
          "\(node)/node0/hugepages/hugepages-2048kB/free_hugepages": "0",
        ]),
    ])
  func hugePagesAreNotUsable(files: Named<[String: String]>) throws {
    let machine = try Self.machine(files.value)
    #expect(machine.usable.memoryBytes == (995_328 - 512_000) << 10)
    #expect(machine.usable.sources["memoryBytes"] == "/proc/meminfo")
  }

  @Test("Of the allowed nodes alone the huge pages count")
  func hugePagesOfTheAllowedNodes() throws {
    var files = ["\(Self.node)/online": "0-1", "/proc/meminfo": "MemTotal: 2097152 kB\nHugetlb: 614400 kB\n"]
    for (id, count) in [(0, 100), (1, 200)] {
      files["\(Self.node)/node\(id)/cpumap"] = "\(id + 1)"
      files["\(Self.node)/node\(id)/meminfo"] = "Node \(id) MemTotal: 1048576 kB\n"
      files["\(Self.node)/node\(id)/hugepages/hugepages-2048kB/nr_hugepages"] = "\(count)"
      files["\(Self.node)/node\(id)/hugepages/hugepages-2048kB/free_hugepages"] = "\(count)"
    }
    #expect(try Self.machine(files).usable.memoryBytes == 1448 << 20)
    files["/proc/self/status"] = "Cpus_allowed_list:\t0-1\nMems_allowed_list:\t1\n"
    #expect(try Self.machine(files).usable.memoryBytes == 624 << 20)
  }

  @Test(
    "More huge pages than memory are not believed",
    arguments: [
      "Hugetlb: 995329 kB", "HugePages_Total: 9223372036854775807\nHugepagesize: 2048 kB", "Hugetlb: -1 kB",
    ])
  func moreHugePagesThanMemoryAreNotBelieved(line: String) throws {
    #expect(try Self.machine(["/proc/meminfo": "MemTotal: 995328 kB\n\(line)\n"]).usable.memoryBytes == 995_328 << 10)
  }
}
