import Probe
import Testing

@testable import Observation

/// Files as Linux's Documentation/admin-guide/cgroup-v2.rst and Documentation/accounting/psi.rst have them.
@Suite("What the kernel counts around a tree")
struct SurroundingsTests {
  private static let unified = [
    "/proc/self/mountinfo": "41 31 0:38 / /cg rw,relatime - cgroup2 cgroup2 rw\n",
    "/proc/7/cgroup": "0::/jobs/build\n",
    "/cg/cgroup.controllers": "cpu io memory pids\n",
    "/cg/jobs/cpu.max": "150000 100000\n",
    "/cg/jobs/cpu.stat": """
    usage_usec 9000000
    user_usec 8000000
    system_usec 1000000
    nr_periods 40
    nr_throttled 30
    throttled_usec 2500000

    """,
    "/cg/jobs/build/cpu.max": "max 100000\n", "/cg/jobs/build/memory.max": "104857600\n",
    "/cg/jobs/build/memory.current": "104800000\n",
    "/cg/jobs/build/memory.events": "low 0\nhigh 2\nmax 40\noom 1\noom_kill 1\noom_group_kill 0\n",
    "/cg/jobs/build/cpu.pressure": "some avg10=9.00 avg60=2.00 avg300=0.10 total=3000000\nfull avg10=0.00 total=0\n",
    "/cg/jobs/build/memory.pressure": "some avg10=9.00 avg60=2.00 avg300=0.10 total=2000000\n",
    "/cg/jobs/build/io.pressure": "some avg10=9.00 avg60=2.00 avg300=0.10 total=1000000\n",
    "/proc/pressure/io": "some avg10=0.00 avg60=0.00 avg300=0.00 total=7000000\n",
    "/proc/stat": "cpu  1000 0 500 90000 10 0 5 20 0 0\ncpu0 1000 0 500 90000 10 0 5 20 0 0\n",
    "/proc/vmstat": "nr_free_pages 1\npswpin 11\npswpout 22\n",
  ]

  private func read(_ changes: [String: String] = [:]) -> Surroundings {
    var reader = SurroundingsReader(process: 7, in: MemoryTree(texts: Self.unified.merging(changes) { $1 }))
    return reader.read(busiest: 7, hasFaults: true)
  }

  @Test("Of version 2: the quota of an ancestor, the limit of its own group, and what both have cost")
  func unified() throws {
    let seen = read()
    let quota = try #require(seen.quota)
    #expect(quota.cpus == 1.5 && quota.source == "/cg/jobs/cpu.max")
    #expect(quota.periods == 40 && quota.throttledPeriods == 30 && quota.throttledSeconds == 2.5)
    let memory = try #require(seen.memory)
    #expect(memory.limitBytes == 104_857_600 && memory.usedBytes == 104_800_000 && memory.hits == 42)
    #expect(seen.outOfMemoryKills == 1 && seen.seesCgroups)
    #expect(seen.swappedPages == 33)
  }

  @Test("Pressure is the group's own, and the machine's besides")
  func pressure() {
    let seen = read()
    #expect(seen.cgroupStalls == .init(cpu: 3, memory: 2, io: 1))
    #expect(seen.machineStalls == .init(io: 7))
    #expect(seen.place == "/cg/jobs/build")
  }

  @Test("A process that moves to another group is followed")
  func moves() {
    var reader = SurroundingsReader(
      process: 7,
      in: MemoryTree(
        texts: Self.unified.merging(["/proc/8/cgroup": "0::/other\n", "/cg/other/cpu.max": "50000 100000\n"]) { $1 }))
    _ = reader.read(busiest: 7, hasFaults: false)
    #expect(reader.read(busiest: 8, hasFaults: false).place == "/cg/other")
  }

  /// Documentation/admin-guide/pm/cpufreq.rst: kilohertz.
  @Test("The clocks are read where the kernel tells of them")
  func clocks() {
    #expect(read().hertz == nil)
    let folder = "/sys/devices/system/cpu/cpufreq/policy"
    let seen = read([
      "\(folder)0/scaling_cur_freq": "1200000\n", "\(folder)0/cpuinfo_max_freq": "3400000\n",
      "\(folder)1/scaling_cur_freq": "2000000\n", "\(folder)1/cpuinfo_max_freq": "3400000\n",
    ])
    #expect(seen.hertz == 1.6e9 && seen.maxHertz == 3.4e9)
  }

  @Test("A share of pressure is that of the time between two readings in one group")
  func shares() {
    var profile = TreeProfile()
    (profile.first, profile.last) = (read(), read())
    #expect(profile.stalledShare(\.io) == nil)
    profile.last?.seconds = 4
    profile.last?.cgroupStalls?.io = 2
    profile.last?.machineStalls?.io = 10
    #expect(profile.stalledShare(\.io) == 0.25)
    profile.last?.place = "/cg/other"
    #expect(profile.stalledShare(\.io) == 0.75)
    #expect(profile.stalledShare(\.memory) == nil)
  }
}
