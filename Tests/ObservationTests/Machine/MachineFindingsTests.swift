import AdvisorCore
import AdvisorTestSupport
import Foundation
import Probe
import Testing

@testable import Observation

@Suite("What a look at a machine says") struct MachineFindingsTests {
  private static let cpu = QuietMachine.cpu

  /// Several causes at once: a quota costs 25 % for certain, IO pressure 10 to 40 %, a cap at most 50 %.
  @Test("What costs most for certain comes first, then what may cost most, then what soon runs out")
  func order() throws {
    let look = RecordedLook(
      changes: [
        "\(QuietMachine.group)/cpu.max": "300000 100000\n", "\(QuietMachine.group)/pids.max": "20\n",
        "/sys/devices/system/clocksource/clocksource0/current_clocksource": "hpet\n",
        "/sys/kernel/mm/transparent_hugepage/enabled": "always madvise [never]\n",
      ],
      later: [
        "/proc/pressure/io": QuietMachine.pressure(some: 402_000, full: 101_000),
        "/proc/pressure/cpu": QuietMachine.pressure(some: 901_000, full: 5_000),
      ])
    #expect(
      try look.codes() == ["cpuQuota", "ioPressure", "cpuPressure", "hugePagesOff", "clockSource", "processLimit"])
  }

  @Test(
    "What cannot be read is unseen, not well",
    arguments: [
      (
        ["/proc/pressure/cpu", "/proc/pressure/memory", "/proc/pressure/io"],
        [.cpuPressure, .memoryPressure, .ioPressure]
      ),
      (["/proc/stat"], [.load]), (["/proc/1/stat"], [.processes]), (["/proc/vmstat"], [.swap]),
      (["/sys/kernel/mm/transparent_hugepage/enabled"], [.hugePages]),
      (["\(cpu)/smt/control"], [.smt]), (["\(cpu)/cpufreq/boost"], [.turbo]),
      (["/sys/devices/system/clocksource/clocksource0/current_clocksource"], [.clockSource]),
      (["/sys/devices/system/edac/mc/mc0/max_location"], [.memoryChannels]),
      (["/sys/devices/system/node/node1/meminfo"], [.memoryNodes]),
      (["/proc/meminfo"], [.memory]),
      (["/proc/self/mountinfo"], [.cpuQuota, .memory, .processLimit]),
      (["\(QuietMachine.group)/cpu.max"], [.cpuQuota]),
      (["/proc/self/limits"], [.processLimit, .openFiles]),
    ] as [([String], [MachineAspect])])
  func unseen(files: [String], aspects: [MachineAspect]) throws {
    let look = RecordedLook(changes: Dictionary(uniqueKeysWithValues: files.map { ($0, nil) }))
    let findings = try look.findings()
    #expect(Set(findings.unseen.map(\.aspect)) == Set(aspects))
    #expect(findings.seen == MachineAspect.allCases.filter { !aspects.contains($0) })
    #expect(findings.findings == [])
  }

  @Test("A machine of nothing but a list of CPUs has no finding, and hardly anything of it is seen")
  func bare() throws {
    let reader = try MachineReader(MemoryTree(texts: ["\(Self.cpu)/online": "0-1\n"]), at: 0)
    let findings = MachineFindings(reader.reading(at: 1, .init()))
    #expect(findings.findings == [])
    #expect(Set(findings.seen) == [.cpuset] && findings.unseen.count >= 15)
  }

  @Test("A file that is there and says nothing is malformed", arguments: ["", "\n", "\u{0}", "nonsense\n"])
  func malformed(text: String) throws {
    let path = "/sys/kernel/mm/transparent_hugepage/enabled"
    let findings = try RecordedLook(changes: [path: text]).findings()
    #expect(findings.unseen == [UnseenAspect(.hugePages, .malformed, path)])
  }

  @Test("A virtual machine's memory channels are the host's to tell")
  func virtual() throws {
    let changes = ["/proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu hypervisor\n"]
    #expect(try RecordedLook(changes: changes).findings().unseen.map(\.aspect) == [.memoryChannels])
  }

  @Test("The running machine can be looked at")
  func live() throws {
    let reader = try MachineReader(FolderTree.live, at: 0)
    let findings = MachineFindings(reader.reading(at: 0.001, .init()))
    #expect(findings.seen.count + Set(findings.unseen.map(\.aspect)).count >= MachineAspect.allCases.count - 2)
    for loss in findings.findings.compactMap(\.loss) { #expect(loss.low <= loss.high && loss.high <= 1) }
  }
}

@Suite(.enabled(if: RecordedRoot.corpus != nil, "set ADVISOR_TOPOLOGY_CORPUS to the folder of recorded machines"))
struct RecordedMachineFindingsTests {
  /// What grep finds in the archives: governors, caps, mitigations, CPUs that are isolated or off.
  @Test(
    "A recorded machine is judged by the files that it has",
    arguments: [
      ("ghw-amd64-offlineCPUs", ["mitigations", "offlineCPUs"]), ("hwloc-20em64t-hybrid-1p6c2t+2ca4co1t", []),
      ("lscpu-arm-A510-A710-A715-X3", ["frequencyCap"]), ("lscpu-vmware_fpe", ["governor"]),
      ("lscpu-x86_64-epyc_7451", []), ("nri-2-socket-4-node-40-core", ["mitigations"]),
      ("nri-server", ["isolatedCPUs"]),
    ] as [(String, Set<String>)])
  func recorded(name: String, codes: Set<String>) throws {
    let root = try RecordedRoot(name)
    let reader = try MachineReader(try FolderTree(root: root.folder.path), at: 0)
    let findings = MachineFindings(reader.reading(at: 1, .init()))
    #expect(Set(findings.findings.map(\.cause.code)) == codes)
    #expect(!findings.unseen.isEmpty)
  }
}

/// A machine of the corpus, unpacked.
private struct RecordedRoot {
  static let corpus = ProcessInfo.processInfo.environment["ADVISOR_TOPOLOGY_CORPUS"]

  let folder: TemporaryFolder

  init(_ name: String) throws {
    folder = try TemporaryFolder()
    let archive = "\(try #require(Self.corpus))/\(name)/root.tar.xz"
    let run = try ProgramRun(["tar", "--extract", "--file", archive, "--directory", folder.path])
    try #require(run.status == 0)
  }
}
