import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import Probe

@Suite struct CgroupLimitsTests {
  static let unified = [
    "/proc/self/cgroup": "0::/a/b\n",
    "/proc/self/mountinfo": "41 31 0:38 / /cg rw,relatime - cgroup2 cgroup2 rw\n",
  ]
  static let legacy = [
    "/proc/self/cgroup": "4:memory:/a/b\n3:cpu,cpuacct:/a/b\n2:cpuset:/a/b\n1:name=systemd:/x\n0::/x\n",
    "/proc/self/mountinfo": """
    32 31 0:29 / /cg/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
    34 31 0:31 / /cg/cpuset rw - cgroup cgroup rw,cpuset
    35 31 0:32 / /cg/memory rw - cgroup cgroup rw,memory
    41 31 0:38 / /cg/unified rw - cgroup2 cgroup2 rw

    """,
  ]

  private static let version1 = Named("version 1", legacy)
  private static let version2 = Named("version 2", unified)

  static func limits(_ base: [String: String], _ files: [String: String]) -> CgroupLimits {
    CgroupLimits(in: MemoryTree(texts: base.merging(files) { $1 }))
  }

  /// `cpu.max` (cgroup-v2.rst): "$MAX $PERIOD"; the period is 100 ms where it is left out.
  @Test(
    "A quota of version 2 is read",
    arguments: [
      ("150000 100000", 1.5), ("max 100000", nil), ("max", nil), ("500000", 5.0), ("250000 100000\n", 2.5),
      // None of these is ever written by a kernel; none may be taken for a limit, or trap.
      ("", nil), ("\n", nil), ("100000 0", nil), ("0 100000", nil), ("-5 100000", nil), ("1 2 3", nil),
      ("a 100000", nil),
      ("100000 b", nil), ("99999999999999999999 100000", nil),
    ])
  func readsUnifiedQuota(text: String, cpus: Double?) {
    #expect(Self.limits(Self.unified, ["/cg/a/b/cpu.max": text]).cpuQuota.tightest?.value.cpus == cpus)
  }

  /// `cpu.cfs_quota_us` over `cpu.cfs_period_us` (sched-bwc.rst); -1 is no limit.
  @Test(
    "A quota of version 1 is read",
    arguments: [
      ("600000", "100000", 6.0), ("-1", "100000", nil), ("800000", "0", nil), ("800000", nil, nil), ("", "100000", nil),
      ("50000", "250000", 0.2),
    ])
  func readsLegacyQuota(quota: String, period: String?, cpus: Double?) {
    var files = ["/cg/cpu,cpuacct/a/b/cpu.cfs_quota_us": quota]
    files["/cg/cpu,cpuacct/a/b/cpu.cfs_period_us"] = period
    #expect(Self.limits(Self.legacy, files).cpuQuota.tightest?.value.cpus == cpus)
  }

  @Test("The tightest ancestor decides")
  func theTightestAncestorDecides() throws {
    let quota = try #require(
      Self.limits(
        Self.unified,
        ["/cg/a/b/cpu.max": "400000 100000", "/cg/a/cpu.max": "30000 20000", "/cg/cpu.max": "max 100000"]
      ).cpuQuota.tightest)
    #expect(quota.value == (cpus: 1.5, period: 0.02))
    #expect(quota.source == "/cg/a/cpu.max")
  }

  /// Above `memory.high` the kernel throttles: what lies beyond is not to be used.
  @Test("Memory is the least of all bounds")
  func memoryIsTheLeastOfAllBounds() throws {
    let limit = try #require(
      Self.limits(
        Self.unified,
        [
          "/cg/a/b/memory.max": "max", "/cg/a/b/memory.high": "4096000", "/cg/a/memory.max": "8192000",
          "/cg/a/memory.high": "max",
        ]
      ).memoryBytes.tightest)
    #expect(limit.value == 4_096_000)
    #expect(limit.source == "/cg/a/b/memory.high")
  }

  /// Version 1 writes the largest count of whole pages for "no limit": with pages of 4 KiB, 16 KiB and 64 KiB.
  @Test(
    "The largest count of pages is no limit",
    arguments: ["9223372036854771712", "9223372036854759424", "9223372036854710272"])
  func theLargestCountOfPagesIsNoLimit(text: String) {
    #expect(Self.limits(Self.legacy, ["/cg/memory/a/b/memory.limit_in_bytes": text]).memoryBytes.tightest == nil)
  }

  @Test("The memory of ancestors in version 1 is read")
  func readsLegacyMemoryOfAncestors() {
    let limit = Self.limits(
      Self.legacy,
      [
        "/cg/memory/a/b/memory.limit_in_bytes": "9223372036854771712",
        "/cg/memory/a/memory.limit_in_bytes": "1073741824",
      ]
    ).memoryBytes.tightest
    #expect(limit?.value == 1 << 30)
    #expect(limit?.source == "/cg/memory/a/memory.limit_in_bytes")
  }

  /// The CPUs of the nearest group that has the controller, empty ones passed over.
  @Test(
    "The cpuset is found",
    arguments: [
      (version2, ["/cg/a/cpuset.cpus.effective": "2-5\n", "/cg/cpuset.cpus.effective": "0-7\n"], "2-5"),
      (version1, ["/cg/cpuset/a/b/cpuset.cpus": "\n", "/cg/cpuset/a/cpuset.cpus": "0,3"], "0,3"),
      (version1, ["/cg/cpuset/a/b/cpuset.cpus": "0-9", "/cg/cpuset/a/b/cpuset.effective_cpus": "0-3"], "0-3"),
      // Mounted with `noprefix`.
      (version1, ["/cg/cpuset/a/b/cpus": "1"], "1"),
      (version1, ["/cg/cpuset/a/b/cpus": "one"], nil),
    ])
  func findsTheCpuset(base: Named<[String: String]>, files: [String: String], cpus: String?) {
    #expect(Self.limits(base.value, files).cpuset?.cpus == cpus.flatMap { CPUSet(list: $0) })
  }

  @Test("Limits on processes of all ancestors count")
  func pidsOfAncestors() {
    let limit = Self.limits(Self.unified, ["/cg/a/b/pids.max": "max", "/cg/a/pids.max": "100", "/cg/pids.max": "200"])
    #expect(limit.pids.tightest?.value == 100)
  }

  @Test("What no mount shows is unknown, and not without limit")
  func saysWhereItCannotSee() {
    let tree = MemoryTree(texts: [
      "/proc/self/cgroup": "0::/other\n",
      "/proc/self/mountinfo": "41 31 0:38 /docker/1f /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
    ])
    let limits = CgroupLimits(in: tree)
    #expect(limits.memoryBytes.tightest == nil && limits.memoryBytes.noneSource == nil)
    #expect(limits.memoryBytes.unread == [Unread(code: .notMounted, file: "/proc/self/mountinfo")])
  }
}
