import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import Probe

/// Each limit is a number with its file, none with the file that says so, or unknown with what could not be read.
@Suite struct UnknownLimitsTests {
  /// 512 MiB and half a CPU, as version 1 shows them.
  static let legacy = [
    "/proc/self/cgroup": "4:memory:/a\n3:cpu:/a\n2:pids:/\n",
    "/proc/self/mountinfo": """
    32 31 0:29 / /cg/cpu rw - cgroup cgroup rw,cpu
    35 31 0:32 / /cg/memory rw - cgroup cgroup rw,memory
    36 31 0:33 / /cg/pids rw - cgroup cgroup rw,pids

    """,
    "/cg/cpu/cgroup.procs": "", "/cg/cpu/release_agent": "", "/cg/cpu/a/cgroup.procs": "",
    "/cg/cpu/cpu.cfs_quota_us": "-1", "/cg/cpu/cpu.cfs_period_us": "100000",
    "/cg/cpu/a/cpu.cfs_quota_us": "50000", "/cg/cpu/a/cpu.cfs_period_us": "100000",
    "/cg/memory/cgroup.procs": "", "/cg/memory/release_agent": "", "/cg/memory/a/cgroup.procs": "",
    "/cg/memory/memory.limit_in_bytes": "9223372036854771712", "/cg/memory/a/memory.limit_in_bytes": "536870912",
    "/cg/memory/memory.stat": "hierarchical_memory_limit 9223372036854771712\n",
    "/cg/pids/cgroup.procs": "", "/cg/pids/release_agent": "",
  ]

  /// The same in version 2.
  static let unified = [
    "/proc/self/cgroup": "0::/a\n",
    "/proc/self/mountinfo": "41 31 0:38 / /cg rw - cgroup2 cgroup2 rw\n",
    "/cg/cgroup.controllers": "cpu memory pids", "/cg/a/cgroup.controllers": "cpu memory", "/cg/a/cgroup.events": "",
    "/cg/a/cpu.max": "50000 100000", "/cg/a/memory.max": "536870912", "/cg/a/memory.high": "max",
  ]

  /// By the version of cgroups.
  static let versions = [Named("version 1", legacy), Named("version 2", unified)]

  static func machine(
    _ base: [String: String], without dropped: String? = nil, unreadable: Set<String> = [],
    _ more: [String: String] = [:]
  ) throws -> Machine {
    let usual = [
      "/sys/devices/system/cpu/online": "0-1", "/proc/meminfo": "MemTotal: 24683656 kB\n",
      "/proc/self/status": "CapEff:\t0000003fffffffff\nCpus_allowed_list:\t0-1\n",
      "/proc/self/limits": "Max processes  unlimited\nMax open files  1024\n",
    ]
    var files = usual.merging(base) { $1 }.merging(more) { $1 }
    if let dropped { files = files.filter { !$0.key.hasPrefix(dropped) } }
    return try Prober(files: LockedTree(files: MemoryTree(texts: files), unreadable: unreadable)).machine()
  }

  @Test("A whole tree has no unknown limit", arguments: versions)
  func aWholeTreeHasNoUnknownLimit(files: Named<[String: String]>) throws {
    let limits = try Self.machine(files.value).limits
    #expect(limits.cpuQuota == 0.5 && limits.memoryBytes == 512 << 20 && limits.openFiles == 1024)
    #expect(limits.pids == nil && limits.sources["pids"] != nil)
    #expect(limits.unknown == [])
  }

  /// What is dropped, and the limits that are then unknown with their reason.
  static let dropped: [(Named<[String: String]>, String, [String])] = [
    (versions[0], "/cg/memory", ["memoryBytes missing /cg/memory/a"]),
    (versions[0], "/cg/memory/a", ["memoryBytes missing /cg/memory/a"]),
    (versions[0], "/cg/memory/a/memory.limit_in_bytes", ["memoryBytes missing /cg/memory/a/memory.limit_in_bytes"]),
    (versions[0], "/cg/cpu/a/cpu.cfs_period_us", ["cpuQuota malformed /cg/cpu/a/cpu.cfs_quota_us"]),
    (
      versions[0], "/proc/self/cgroup",
      ["cpuQuota", "memoryBytes", "pids"].map { "\($0) missing /proc/self/cgroup" }
    ),
    (
      versions[1], "/proc/self/mountinfo",
      ["cpuQuota", "memoryBytes", "pids"].map { "\($0) missing /proc/self/mountinfo" }
    ),
    (versions[1], "/cg/a", ["cpuQuota missing /cg/a", "memoryBytes missing /cg/a", "pids missing /cg/a"]),
    (versions[1], "/cg/a/memory.max", ["memoryBytes missing /cg/a/memory.max"]),
    (versions[1], "/cg/a/cpu.max", ["cpuQuota missing /cg/a/cpu.max"]),
    (versions[1], "/proc/self/limits", ["openFiles missing /proc/self/limits"]),
  ]

  @Test("What is missing is unknown, with the file that is missing", arguments: dropped)
  func missing(files: Named<[String: String]>, file: String, unknown: [String]) throws {
    let machine = try Self.machine(files.value, without: file)
    for text in unknown { #expect(machine.limits.isUnknown(try #require(name(in: text)))) }
    #expect(machine.limits.unknown.map(Self.text) == unknown)
    let named = try #require(unknown[0].split(separator: " ").last)
    #expect(machine.warnings.contains { $0.isUnknownLimit(by: String(named)) }, "\(machine.warnings)")
  }

  private func name(in text: String) -> Machine.Limits.Name? {
    text.split(separator: " ").first.flatMap { Machine.Limits.Name(rawValue: String($0)) }
  }

  private static func text(_ unknown: Machine.UnknownLimit) -> String {
    "\(unknown.limit.rawValue) \(unknown.code.rawValue) \(unknown.file)"
  }

  @Test("What cannot be read is unknown; a number from elsewhere may be too high, and that is said")
  func unreadable() throws {
    let alone = try Self.machine(Self.legacy, unreadable: ["/cg/memory/a"])
    #expect(alone.limits.memoryBytes == nil && alone.limits.isUnknown(.memoryBytes))
    #expect(alone.limits.unknown.map(Self.text) == ["memoryBytes unreadable /cg/memory/a"])
    #expect(
      alone.warnings.contains(
        .unreadableLimits(limits: [.memoryBytes], mayBeLower: false, cause: .unreadable, file: "/cg/memory/a")))
    let other = try Self.machine(
      Self.unified, unreadable: ["/cg/a/memory.max"], ["/cg/a/memory.high": "1073741824"])
    #expect(other.limits.memoryBytes == 1 << 30 && other.limits.isIncomplete(.memoryBytes))
    #expect(
      other.warnings.contains(
        .unreadableLimits(limits: [.memoryBytes], mayBeLower: true, cause: .unreadable, file: "/cg/a/memory.max")))
  }

  /// cgroup-v2.rst gives no meaning to any of these; 0 bytes is a limit, whatever it is good for.
  @Test(
    "A malformed limit is unknown",
    arguments: [
      ("cpu.max", "max 0", "cpuQuota"), ("cpu.max", "", "cpuQuota"), ("cpu.max", "1 2 3", "cpuQuota"),
      ("cpu.max", "0 100000", "cpuQuota"), ("memory.max", "much", "memoryBytes"), ("memory.max", "-7", "memoryBytes"),
      ("memory.max", "", "memoryBytes"),
    ])
  func malformed(file: String, text: String, limit: String) throws {
    let limits = try Self.machine(Self.unified, ["/cg/a/\(file)": text]).limits
    #expect(limits.unknown.map(Self.text) == ["\(limit) malformed /cg/a/\(file)"])
    #expect(try Self.machine(Self.unified, ["/cg/a/memory.max": "0"]).limits.memoryBytes == 0)
  }

  /// Another file system over the first mount: `mount -t tmpfs y /sys/fs/cgroup`.
  @Test("Every mount is tried")
  func everyMountIsTried() throws {
    let moved = Dictionary(
      uniqueKeysWithValues: Self.legacy.map { key, value in
        (key.hasPrefix("/cg/memory/") ? "/mnt" + key.dropFirst("/cg".count) : key, value)
      })
    let table =
      Self.legacy["/proc/self/mountinfo", default: ""] + "50 31 0:32 / /mnt/memory rw - cgroup cgroup rw,memory\n"
    let limits = try Self.machine(moved, ["/proc/self/mountinfo": table]).limits
    #expect(limits.memoryBytes == 512 << 20)
    #expect(limits.sources["memoryBytes"] == "/mnt/memory/a/memory.limit_in_bytes")
    #expect(limits.unknown == [])
  }

  /// A container that shows its own group alone; `hierarchical_memory_limit` counts the groups above (memory.rst, 5.2).
  @Test("Version one tells of the groups above", arguments: [("/a/b", "/a/b"), ("/", "/")])
  func versionOneTellsOfTheGroupsAbove(root: String, path: String) throws {
    let files = [
      "/proc/self/cgroup": "4:memory:\(path)\n",
      "/proc/self/mountinfo": "35 31 0:32 \(root) /cg rw - cgroup cgroup rw,memory\n",
      "/cg/cgroup.procs": "", "/cg/memory.limit_in_bytes": "9223372036854771712",
      "/cg/memory.stat": "cache 0\nhierarchical_memory_limit 536870912\nhierarchical_memsw_limit 536870912\n",
    ]
    let machine = try Self.machine(files)
    #expect(machine.usable.memoryBytes == 512 << 20)
    #expect(machine.limits.sources["memoryBytes"] == "/cg/memory.stat")
    #expect(!machine.limits.isIncomplete(.memoryBytes))
    #expect(
      try Self.machine(files, without: "/cg/memory.stat").limits.unknown.map(Self.text)
        == ["memoryBytes outOfSight /cg"])
  }

  /// `cgroup.events` is in every group but the root (cgroup-v2.rst): here a namespace hides the groups above.
  @Test("A namespace hides limits")
  func aNamespaceHidesLimits() throws {
    let limits = try Self.machine([
      "/proc/self/cgroup": "0::/\n", "/proc/self/mountinfo": "41 31 0:38 / /cg rw - cgroup2 cgroup2 rw\n",
      "/cg/cgroup.controllers": "cpu memory", "/cg/cgroup.events": "", "/cg/cpu.max": "50000 100000",
      "/cg/memory.max": "max", "/cg/memory.high": "max",
    ]).limits
    #expect(limits.cpuQuota == 0.5 && !limits.isIncomplete(.cpuQuota))
    #expect(limits.unknown.map(Self.text) == ["memoryBytes outOfSight /cg", "pids outOfSight /cg"])
  }

  /// On a hybrid system each controller is in one hierarchy alone (cgroups(7)); that of version 2 holds none here.
  @Test("A hybrid is read by controller")
  func aHybridIsReadByController() throws {
    let limits = try Self.machine(
      Self.legacy,
      ["/proc/self/cgroup": Self.legacy["/proc/self/cgroup", default: ""] + "0::/user.slice\n"]
    ).limits
    #expect(limits.unknown == [] && limits.memoryBytes == 512 << 20)
  }

  @Test("No limit is what a file says")
  func noneIsWhatAFileSays() throws {
    let limits = try Self.machine(Self.unified, ["/cg/a/cpu.max": "max 100000", "/cg/a/memory.max": "max"]).limits
    #expect(limits.cpuQuota == nil && limits.memoryBytes == nil && limits.unknown == [])
    #expect(limits.sources["cpuQuota"] == "/cg/a/cpu.max")
    #expect(limits.sources["memoryBytes"] == "/cg/a/memory.max")
    // The controller is not among those of the group.
    #expect(limits.sources["pids"] == "/cg/a/cgroup.controllers")
  }
}

/// Files some of which are there and cannot be read, alone or with all that is below them.
struct LockedTree: FileTree {
  var files: MemoryTree
  var unreadable: Set<String>
  var isLive: Bool { false }

  func read(_ path: String, limit: Int) -> [UInt8]? { isLocked(path) ? nil : files.read(path, limit: limit) }
  func list(_ path: String) -> [String]? { isLocked(path) ? nil : files.list(path) }
  func lacks(_ path: String) -> Bool { !isLocked(path) && files.lacks(path) }

  private func isLocked(_ path: String) -> Bool {
    guard !unreadable.isEmpty else { return false }
    var prefix = path[...]
    while !prefix.isEmpty {
      if unreadable.contains(String(prefix)) { return true }
      prefix = prefix[..<(prefix.lastIndex(of: "/") ?? prefix.startIndex)]
    }
    return false
  }
}

extension Machine.Warning {
  fileprivate func isUnknownLimit(by file: String) -> Bool {
    if case .unreadableLimits(_, mayBeLower: false, _, file) = self { true } else { false }
  }
}
