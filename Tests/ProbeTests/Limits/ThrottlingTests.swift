import AdvisorCore
import Testing

@testable import Probe

@Suite struct ThrottlingTests {
  static let cpu = "/sys/devices/system/cpu"

  static func reading(_ files: [String: String], quotaFile: String? = nil) throws -> Throttling {
    let tree = MemoryTree(
      texts: files.merging(["\(cpu)/online": "0-1", "/proc/self/status": "Cpus_allowed_list: 0-1"]) { $1 })
    var machine = try Prober(files: tree).machine()
    machine.limits.sources["cpuQuota"] = quotaFile
    machine.limits.cpuQuota = quotaFile.map { _ in 0.5 }
    return Throttling.reading(of: machine, in: tree)
  }

  /// cgroup-v2.rst: `throttled_usec`; sched-bwc.rst: `throttled_time`, in nanoseconds.
  @Test(
    "The time taken by a quota is read",
    arguments: [
      ("/cg/a/cpu.max", "nr_periods 10\nnr_throttled 4\nthrottled_usec 1500000\n", 1.5),
      ("/cg/a/cpu.cfs_quota_us", "nr_periods 10\nnr_throttled 4\nthrottled_time 2500000000\n", 2.5),
      ("/cg/a/cpu.max", "nr_periods 10\n", nil), ("/cg/a/cpu.max", "", nil),
    ])
  func readsTheTimeTakenByAQuota(quotaFile: String, statistics: String, seconds: Double?) throws {
    let files = ["/cg/a/cpu.stat": statistics]
    #expect(try Self.reading(files, quotaFile: quotaFile).quotaSeconds == seconds)
    #expect(try Self.reading(files).quotaSeconds == nil)
  }

  @Test("What the cores count is added up")
  func addsUpWhatTheCoresCount() throws {
    let count = "thermal_throttle/core_throttle_count"
    #expect(
      try Self.reading(["\(Self.cpu)/cpu0/\(count)": "3\n", "\(Self.cpu)/cpu1/\(count)": "4\n"]).thermalEvents == 7)
    #expect(try Self.reading([:]).thermalEvents == nil)
  }

  @Test(
    "Turbo is read",
    arguments: [
      (["cpufreq/boost": "1"], true), (["cpufreq/boost": "0"], false), (["intel_pstate/no_turbo": "1"], false),
      (["intel_pstate/no_turbo": "0"], true), ([:], nil),
    ])
  func readsTurbo(files: [String: String], hasTurbo: Bool?) throws {
    let files = Dictionary(uniqueKeysWithValues: files.map { ("\(Self.cpu)/\($0.key)", $0.value) })
    #expect(try Self.reading(files).hasTurbo == hasTurbo)
  }
}
