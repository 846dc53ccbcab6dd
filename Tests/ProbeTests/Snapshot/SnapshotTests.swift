import AdvisorCore
import AdvisorTestSupport
import FoundationEssentials
import Glibc
import Testing

@testable import Probe

@Suite struct SnapshotTests {
  static let machine = MemoryTree(texts: [
    "/sys/devices/system/cpu/online": "0-1\n", "/proc/sys/kernel/osrelease": "6.1.0\n",
    "/sys/devices/system/cpu/unused": "never read\n",
    "/proc/cpuinfo": "processor\t: 0\nmodel name\t: CPU\nSerial\t\t: 12345678\n",
    "/proc/self/status": "Name:\tsecret\nUid:\t1000\nCpus_allowed_list:\t0\n",
    "/proc/self/cgroup": "0::/user.slice/user-1000.slice/secret.scope\n",
    "/proc/self/mountinfo": """
    41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
    42 31 0:39 / /home/secret rw - ext4 /dev/sda rw

    """,
    "/proc/cmdline": "BOOT_IMAGE=secret isolcpus=1 root=UUID=secret\n",
    "/sys/fs/cgroup/user.slice/user-1000.slice/cpu.max": "50000 100000\n",
  ])

  func withFile(_ body: (String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try body("\(folder.path)/snapshot.tar.gz")
  }

  @Test("A snapshot gives the same machine")
  func aSnapshotGivesTheSameMachine() throws {
    try withFile { path in
      let recorded = try Snapshot.record(Self.machine, to: path)
      var replayed = try Prober(files: try Snapshot.open(path)).machine()
      #expect(replayed.limits.cpuQuota == 0.5)
      #expect(replayed.limits.sources["cpuQuota"] == "/sys/fs/cgroup/g1/g2/cpu.max")
      #expect(replayed.cpus.isolated == [1])
      replayed.limits.sources = recorded.limits.sources
      replayed.usable.sources = recorded.usable.sources
      #expect(replayed == recorded)
    }
  }

  /// What a probe reads of each file survives: the flag of a guest, a limit below a mount whose root has a blank.
  @Test("A snapshot loses nothing that a probe reads")
  func aSnapshotLosesNothingThatAProbeReads() throws {
    let machine = MemoryTree(texts: [
      "/sys/devices/system/cpu/online": "0\n", "/proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu secret hypervisor\n",
      "/proc/meminfo": "MemTotal: 1000000 kB\nHugetlb: 100000 kB\n", "/proc/self/cgroup": "1:memory:/a b/c\n",
      "/proc/self/mountinfo": "41 31 0:38 /a\\040b /cg rw - cgroup cgroup rw,memory\n", "/cg/c/cgroup.procs": "1\n",
      "/cg/c/memory.limit_in_bytes": "9223372036854771712\n", "/cg/memory.limit_in_bytes": "800000000\n",
      "/cg/c/memory.stat": "secret 5\nhierarchical_memory_limit 536870912\n",
    ])
    try withFile { path in
      let recorded = try Snapshot.record(machine, to: path)
      let replayed = try Prober(files: try Snapshot.open(path)).machine()
      #expect(recorded.isVirtual == true && replayed.isVirtual == true)
      #expect(replayed.limits.memoryBytes == 512 << 20)
      #expect(replayed.usable.memoryBytes == recorded.usable.memoryBytes)
      #expect(replayed.limits.unknown.map(\.code) == recorded.limits.unknown.map(\.code))
      #expect(!String(decoding: try Gzip.contents(of: path), as: UTF8.self).contains("secret"))
    }
  }

  @Test("A snapshot of this machine gives the same topology")
  func aSnapshotOfThisMachineGivesTheSameTopology() throws {
    try withFile { path in
      let recorded = try Snapshot.record(FolderTree.live, to: path)
      let replayed = try Prober(files: try Snapshot.open(path)).machine()
      #expect(replayed.topology == recorded.topology)
      #expect(replayed.caches == recorded.caches)
      #expect(replayed.fingerprint == recorded.fingerprint)
      #expect(replayed.warnings == recorded.warnings)
    }
  }

  @Test("A snapshot holds nothing else")
  func aSnapshotHoldsNothingElse() throws {
    try withFile { path in
      _ = try Snapshot.record(Self.machine, to: path)
      let archive = String(decoding: try Gzip.contents(of: path), as: UTF8.self)
      for word in ["secret", "user-", "12345678", "never", "Uid", "unused"] {
        #expect(!archive.contains(word), "\(word)")
      }
    }
  }

  @Test("What is no archive is refused")
  func refusesWhatIsNoArchive() throws {
    #expect(throws: AdvisorError.self) { try Snapshot.open("/proc/version") }
    #expect(throws: AdvisorError.self) { try Snapshot.open("/no/such/file") }
    try withFile { path in
      try Gzip.write(bytes("no archive"), to: path)
      #expect(throws: AdvisorError.self) { try Snapshot.open(path) }
    }
  }

  @Test("An archive that expands to more than any machine has is not expanded to its end")
  func refusesBombs() throws {
    try withFile { path in
      try Gzip.write(Array(repeating: 0, count: 1 << 20), to: path)
      let megabyte = try #require(FileManager.default.contents(atPath: path))
      // Members one after the other are one file (RFC 1952, section 2.2).
      let bomb = Data(repeatElement(megabyte, count: 300).joined())
      try bomb.write(to: URL(filePath: path))
      #expect { try Snapshot.open(path) } throws: { "\($0)".contains("256 MiB") }
    }
  }

  @Test("No part is left of a file that cannot be written")
  func leavesNoPartOfAFileThatCannotBeWritten() throws {
    #expect(throws: AdvisorError.self) { try Snapshot.record(Self.machine, to: "/no/such/folder/x.tar.gz") }
  }
}
