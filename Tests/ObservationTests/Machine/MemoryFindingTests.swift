import AdvisorCore
import Probe
import Testing

@testable import Observation

@Suite("Memory, and what soon runs out") struct MemoryFindingTests {
  private static let ours = QuietMachine.group

  private static func meminfo(available: Int) -> [String: String?] {
    ["/proc/meminfo": "MemTotal:       16777216 kB\nMemFree:        1000 kB\nMemAvailable:   \(available) kB\n"]
  }

  private static func openFiles(_ limit: String) -> [String: String?] {
    ["/proc/self/limits": "Max processes 60000 60000 processes\nMax open files \(limit) 4096 files\n"]
  }

  static let cases: [LookCase] = [
    LookCase("less than a tenth of the memory", meminfo(available: 1_600_000), ["memoryLow"]),
    LookCase("a tenth of the memory", meminfo(available: 1_677_722), []),
    LookCase("no memory at all", meminfo(available: 0), ["memoryLow"]),
    LookCase(
      "a group near its limit", ["\(ours)/memory.max": "1000000\n", "\(ours)/memory.current": "950000\n"], ["memoryLow"]
    ),
    LookCase(
      "a group that is full of files which can be dropped",
      [
        "\(ours)/memory.max": "1000000\n", "\(ours)/memory.current": "950000\n",
        "\(ours)/memory.stat": "anon 1000\ninactive_file 900000\n",
      ], []),
    LookCase(
      "the group above near its limit",
      ["/sys/fs/cgroup/jobs/memory.max": "1000000\n", "/sys/fs/cgroup/jobs/memory.current": "999999\n"], ["memoryLow"]),
    LookCase(
      "pages that come back from swap, under pressure",
      later: [
        "/proc/vmstat": "pswpin 900\npswpout 900\n",
        "/proc/pressure/memory": QuietMachine.pressure(some: 50_000, full: 0),
      ], ["memoryPressure", "swapping"]),
    LookCase("pages that come back and stop nobody", later: ["/proc/vmstat": "pswpin 900\npswpout 900\n"], []),
    LookCase(
      "pages that come back where pressure is not told", ["/proc/pressure/memory": nil],
      later: ["/proc/vmstat": "pswpin 900\npswpout 900\n"], ["swapping"]),
    LookCase("pages that are written out", later: ["/proc/vmstat": "pswpin 500\npswpout 9000\n"], []),
    LookCase("an empty /proc/vmstat", later: ["/proc/vmstat": ""], []),
    LookCase(
      "huge pages never", ["/sys/kernel/mm/transparent_hugepage/enabled": "always madvise [never]\n"], ["hugePagesOff"]),
    LookCase("huge pages always", ["/sys/kernel/mm/transparent_hugepage/enabled": "[always] madvise never\n"], []),
    LookCase("huge pages in no known mode", ["/sys/kernel/mm/transparent_hugepage/enabled": "always never\n"], []),
    LookCase(
      "a node without memory", ["/sys/devices/system/node/node1/meminfo": "Node 1 MemTotal: 0 kB\n"],
      ["nodesWithoutMemory"]),
    LookCase(
      "a node of memory without CPUs",
      [
        "/sys/devices/system/node/node1/cpulist": "\n",
        "/sys/devices/system/node/node0/cpulist": "0-3\n",
      ], []),
    LookCase(
      "a node of which nothing is known", ["/sys/devices/system/node/node1/meminfo": nil], []),
    LookCase(
      "an empty channel", ["/sys/devices/system/edac/mc/mc0/max_location": "channel 3 slot 1 \n"], ["memoryChannels"]),
    LookCase(
      "a module that is not there", ["/sys/devices/system/edac/mc/mc0/dimm1/size": "0\n"], ["memoryChannels"]),
    LookCase("channels that are not told", ["/sys/devices/system/edac/mc/mc0/max_location": "csrow 3\n"], []),
    LookCase("a limit of 256 files", openFiles("256"), ["openFiles"]),
    LookCase("a limit of 1023 files", openFiles("1023"), ["openFiles"]),
    LookCase("the usual limit", openFiles("1024"), []),
    LookCase("no limit on files", openFiles("unlimited"), []),
    LookCase("processes near their limit", ["\(ours)/pids.max": "21\n"], ["processLimit"]),
    LookCase("processes at their limit", ["\(ours)/pids.max": "20\n"], ["processLimit"]),
    LookCase("processes with a tenth left", ["\(ours)/pids.max": "23\n"], []),
  ]

  @Test("Is found where it is, and nowhere else", arguments: cases)
  func isFound(_ row: LookCase) throws { #expect(try row.look.codes() == row.codes) }

  @Test(
    "A temporary folder is full where less than a tenth is left, of its bytes or its files",
    arguments: [
      (.init(folder: "/tmp", freeBytes: 9, totalBytes: 100), ["diskFull"]),
      (.init(folder: "/tmp", freeBytes: 10, totalBytes: 100), []),
      (.init(folder: "/tmp", freeBytes: 0, totalBytes: 0), []),
      (.init(folder: "/tmp", freeBytes: 50, totalBytes: 100, freeFiles: 3, totalFiles: 100), ["filesFull"]),
      (.init(folder: "/tmp", freeBytes: 50, totalBytes: 100, freeFiles: 0, totalFiles: 0), []),
      (.init(folder: "/tmp", freeBytes: 0, totalBytes: 100, freeFiles: 0, totalFiles: 9), ["diskFull", "filesFull"]),
    ] as [(MachineReading.FolderSpace, [String])])
  func temporaryFolder(space: MachineReading.FolderSpace, codes: [String]) throws {
    var look = RecordedLook()
    look.surroundings.temporaryFolder = space
    #expect(try look.codes() == codes)
  }

  /// A structure of type 17 by the SMBIOS Reference Specification 3.7, 7.18: size at 0x0C, locators at 0x10 and 0x11.
  private static func device(size: UInt16, _ locator: String, _ bank: String) -> [UInt8] {
    var head = [UInt8](repeating: 0, count: 0x28)
    (head[0], head[1], head[0x0c], head[0x0d]) = (17, 0x28, UInt8(size & 0xff), UInt8(size >> 8))
    (head[0x10], head[0x11]) = (1, bank.isEmpty ? 0 : 2)
    return head + Array(locator.utf8) + [0] + Array(bank.utf8) + (bank.isEmpty ? [0] : [0, 0])
  }

  private static let end: [UInt8] = [127, 4, 0, 0, 0, 0]

  @Test(
    "The firmware's list of modules tells of channels where its locators name them",
    arguments: [
      ([device(size: 8, "DIMM 0", "P0 CHANNEL A"), device(size: 0, "DIMM 0", "P0 CHANNEL B")], 1, 2),
      (
        [
          device(size: 8, "ChannelA-DIMM0", ""), device(size: 0, "ChannelA-DIMM1", ""),
          device(size: 8, "ChannelB-DIMM0", ""),
        ], 2, 2
      ),
      ([device(size: 8, "A", "P0 CHANNEL A"), device(size: 0, "A", "P1 CHANNEL A")], 1, 2),
      ([device(size: 8, "DIMM_A1", "NODE 1")], nil, nil), ([device(size: 0, "ChannelA", "")], nil, nil), ([], nil, nil),
      ([[17, 200, 0, 0]], nil, nil), ([[17, 0, 0, 0, 0, 0]], nil, nil),
    ] as [([[UInt8]], Int?, Int?)])
  func firmware(devices: [[UInt8]], filled: Int?, channels: Int?) {
    let table = devices.flatMap(\.self) + Self.end
    let found = MemoryChannels(in: MemoryTree([MemoryChannels.firmware: table]))
    #expect(found?.filled == filled && found?.channels == channels)
  }
}
