import AdvisorCore
import AdvisorTestSupport
import Probe
import Testing

@testable import Observation

/// A change of the quiet machine, and the codes of what is then found.
struct LookCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  var look: RecordedLook
  let codes: [String]

  init(
    _ name: String, _ changes: [String: String?] = [:], later: [String: String?] = [:], _ codes: [String]
  ) {
    testDescription = name
    look = RecordedLook(changes: changes, later: later)
    self.codes = codes
  }
}

@Suite("What of the CPUs may be used") struct ShareFindingTests {
  private static let ours = QuietMachine.group
  private static let jobs = "/sys/fs/cgroup/jobs"

  @Test("A machine that nothing holds back has no finding, and everything of it is seen")
  func quiet() throws {
    let findings = try RecordedLook().findings()
    #expect(findings.findings == [] && findings.unseen == [])
    #expect(findings.seen == MachineAspect.allCases)
  }

  private static func stat(used: Int, throttled: Int) -> String {
    "usage_usec \(used)\nnr_periods 10\nnr_throttled 5\nthrottled_usec \(throttled)\n"
  }

  /// Version 1 by Documentation/scheduler/sched-bwc.rst: 150 ms of every 100 ms, in the group above ours.
  private static let versionOne: [String: String?] = [
    "/proc/self/cgroup": "1:cpu:/jobs/ours\n",
    "/proc/self/mountinfo": "32 31 0:29 / /cg/cpu rw - cgroup cgroup rw,cpu\n",
    "/cg/cpu/cgroup.procs": "1\n", "/cg/cpu/release_agent": "\n", "/cg/cpu/jobs/cgroup.procs": "1\n",
    "/cg/cpu/jobs/ours/cgroup.procs": "1\n", "/cg/cpu/jobs/cpu.cfs_quota_us": "150000\n",
    "/cg/cpu/jobs/cpu.cfs_period_us": "100000\n", "/cg/cpu/jobs/ours/cpu.cfs_quota_us": "-1\n",
    "/cg/cpu/jobs/ours/cpu.cfs_period_us": "100000\n",
    "/cg/cpu/jobs/cpu.stat": "nr_periods 1\nnr_throttled 0\nthrottled_time 0\n",
  ]

  static let cases: [LookCase] = [
    LookCase("a quota of our own group", ["\(ours)/cpu.max": "150000 100000\n"], ["cpuQuota"]),
    LookCase("a quota of the group above", ["\(jobs)/cpu.max": "200000 100000\n"], ["cpuQuota"]),
    LookCase("a quota in version 1", versionOne, ["cpuQuota"]),
    LookCase("a quota a hair below the CPUs", ["\(ours)/cpu.max": "395000 100000\n"], ["cpuQuota"]),
    LookCase("a quota less than one per cent below the CPUs", ["\(ours)/cpu.max": "397000 100000\n"], []),
    LookCase("a quota of all CPUs", ["\(ours)/cpu.max": "400000 100000\n"], []),
    LookCase("a quota of more than the CPUs", ["\(ours)/cpu.max": "800000 100000\n"], []),
    LookCase(
      "a wide quota that others in the group above have spent", ["\(jobs)/cpu.max": "800000 100000\n"],
      later: ["\(jobs)/cpu.stat": stat(used: 1_500_000, throttled: 500_000)], ["cpuQuota"]),
    LookCase(
      "a wide quota that struck for less than one per cent", ["\(jobs)/cpu.max": "800000 100000\n"],
      later: ["\(jobs)/cpu.stat": stat(used: 2_000_000, throttled: 5_000)], []),
    LookCase("a garbled quota", ["\(ours)/cpu.max": "lots\n"], []),
    LookCase("a cpuset", ["/proc/self/status": "Cpus_allowed_list:\t0-1\nMems_allowed_list:\t0\n"], ["cpuset"]),
    LookCase("one CPU of four", ["/proc/self/status": "Cpus_allowed_list:\t3\n"], ["cpuset"]),
    LookCase("all CPUs and some that are not there", ["/proc/self/status": "Cpus_allowed_list:\t0-63\n"], []),
    LookCase("isolated CPUs", ["\(QuietMachine.cpu)/isolated": "2-3\n"], ["isolatedCPUs"]),
    LookCase(
      "isolated CPUs on which we may not run",
      ["\(QuietMachine.cpu)/isolated": "2-3\n", "/proc/self/status": "Cpus_allowed_list:\t0-1\n"], ["cpuset"]),
    LookCase(
      "CPUs switched off", ["\(QuietMachine.cpu)/online": "0-2\n", "/proc/self/status": "Cpus_allowed_list:\t0-2\n"],
      ["offlineCPUs"]),
    LookCase(
      "CPUs that are possible and not there", ["\(QuietMachine.cpu)/offline": "4-63\n"], []),
    LookCase(
      "hardware threads off, which the CPUs that are off are",
      [
        "\(QuietMachine.cpu)/smt/control": "off\n", "\(QuietMachine.cpu)/online": "0-1\n",
        "/proc/self/status": "Cpus_allowed_list:\t0-1\n",
      ], ["smtOff"]),
    LookCase("hardware threads off for good", ["\(QuietMachine.cpu)/smt/control": "forceoff\n"], ["smtOff"]),
    LookCase("a CPU without hardware threads", ["\(QuietMachine.cpu)/smt/control": "notsupported\n"], []),
  ]

  @Test("Is found where it is set, and nowhere else", arguments: cases)
  func isFound(_ row: LookCase) throws { #expect(try row.look.codes() == row.codes) }

  @Test(
    "A quota costs the CPUs that it leaves idle",
    arguments: [("150000 100000", 0.625), ("400 1000", 0.9), ("100000", 0.75), ("300000 100000", 0.25)])
  func quotaLoss(text: String, loss: Double) throws {
    let found = try RecordedLook(changes: ["\(Self.ours)/cpu.max": "\(text)\n"]).findings().findings
    #expect(found.map(\.loss) == [Loss(loss...loss, .computed)])
  }

  /// 0.5 s of use and 0.5 s refused: without the quota the same tasks would have had twice as much at most.
  @Test("Throttling is the time refused of what was used and refused, in both versions of cgroups")
  func throttledShare() throws {
    let two = RecordedLook(
      changes: ["\(Self.ours)/cpu.max": "100000 100000\n"],
      later: ["\(Self.ours)/cpu.stat": Self.stat(used: 1_500_000, throttled: 500_000)])
    let one = RecordedLook(
      changes: Self.versionOne.merging(
        ["/cg/cpu/jobs/cpuacct.usage": "1000000000\n"], uniquingKeysWith: { $1 }),
      later: [
        "/cg/cpu/jobs/cpuacct.usage": "1500000000\n",
        "/cg/cpu/jobs/cpu.stat": "nr_periods 10\nnr_throttled 5\nthrottled_time 500000000\n",
      ])
    for (look, cpus, file) in [(two, 1.0, "\(Self.ours)/cpu.max"), (one, 1.5, "/cg/cpu/jobs/cpu.cfs_quota_us")] {
      let cause = MachineCause.cpuQuota(cpus: cpus, usable: 4, throttledShare: 0.5, file: file)
      #expect(try look.findings().findings.map(\.cause) == [cause])
    }
  }
}
