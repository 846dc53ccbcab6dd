import AdvisorCore
import Probe
import Testing

@testable import Observation

@Suite("Who else uses the CPUs") struct LoadFindingTests {
  private typealias Ticks = QuietMachine.Ticks

  /// A second later, of 100 ticks for each CPU.
  private static func stat(_ cpus: [Ticks]) -> [String: String?] { ["/proc/stat": QuietMachine.stat(cpus)] }

  private static func all(_ ticks: Ticks) -> [Ticks] { Array(repeating: ticks, count: 4) }

  private static func pressure(_ path: String, some: Int, full: Int) -> [String: String?] {
    [path: QuietMachine.pressure(some: some, full: full)]
  }

  static let cases: [LookCase] = [
    LookCase("steal on all CPUs", later: stat(all(Ticks(user: 0, idle: 90, stolen: 10))), ["steal"]),
    LookCase(
      "steal of three ticks", later: stat([Ticks(idle: 97, stolen: 3)] + Array(repeating: Ticks(idle: 100), count: 3)),
      ["steal"]),
    LookCase(
      "steal of two ticks", later: stat([Ticks(idle: 98, stolen: 2)] + Array(repeating: Ticks(idle: 100), count: 3)), []
    ),
    LookCase(
      "steal before we looked", ["/proc/stat": QuietMachine.stat(all(Ticks(stolen: 500)))],
      later: stat(all(Ticks(idle: 100, stolen: 500))), []),
    LookCase(
      "one busy CPU", later: stat([Ticks(user: 100)] + Array(repeating: Ticks(idle: 100), count: 3)), ["otherProcesses"]
    ),
    LookCase("one per cent of the CPUs", later: stat(all(Ticks(user: 1, idle: 99))), ["otherProcesses"]),
    LookCase(
      "less than one per cent", later: stat([Ticks(user: 3, idle: 97)] + Array(repeating: Ticks(idle: 100), count: 3)),
      []),
    LookCase(
      "a busy CPU that is no sibling and not ours", ["/proc/self/status": "Cpus_allowed_list:\t0,2\n"],
      later: stat([Ticks(idle: 100), Ticks(user: 100), Ticks(idle: 100), Ticks(idle: 100)]), ["cpuset"]),
    LookCase(
      "a busy sibling", ["/proc/self/status": "Cpus_allowed_list:\t0-1\n"],
      later: stat([Ticks(idle: 100), Ticks(idle: 100), Ticks(user: 100), Ticks(idle: 100)]),
      ["cpuset", "busySiblings"]),
    LookCase(
      "a sibling that is hardly busy", ["/proc/self/status": "Cpus_allowed_list:\t0-1\n"],
      later: stat([Ticks(idle: 100), Ticks(idle: 100), Ticks(user: 4, idle: 96), Ticks(idle: 100)]), ["cpuset"]),
    LookCase("no line of a CPU", later: ["/proc/stat": "intr 1\n"], []),
    LookCase("an empty /proc/stat", ["/proc/stat": ""], []),
    LookCase("a garbled one", later: ["/proc/stat": "cpu0 a b c d\ncpu1 1\ncpux 1 2 3 4\n"], []),
    LookCase("counters that run backwards", ["/proc/stat": QuietMachine.stat(all(Ticks(user: 50, idle: 900)))], []),
    LookCase("CPU pressure", later: pressure("/proc/pressure/cpu", some: 301_000, full: 0), ["cpuPressure"]),
    LookCase("IO pressure", later: pressure("/proc/pressure/io", some: 14_000, full: 1000), ["ioPressure"]),
    LookCase("a little IO pressure", later: pressure("/proc/pressure/io", some: 11_000, full: 1000), []),
    LookCase(
      "memory pressure", later: pressure("/proc/pressure/memory", some: 60_000, full: 60_000), ["memoryPressure"]),
    LookCase(
      "pressure of our group alone", later: pressure("\(QuietMachine.group)/memory.pressure", some: 60_000, full: 0),
      ["memoryPressure"]),
    LookCase(
      "pressure of the group above", later: pressure("/sys/fs/cgroup/jobs/memory.pressure", some: 60_000, full: 0), []),
    LookCase("an empty file of pressure", later: ["/proc/pressure/io": ""], []),
    LookCase("a garbled one", later: ["/proc/pressure/io": "some total=all\n"], []),
    LookCase("pressure that runs backwards", later: pressure("/proc/pressure/io", some: 0, full: 0), []),
  ]

  @Test("Is found where it is, and nowhere else", arguments: cases)
  func isFound(_ row: LookCase) throws { #expect(try row.look.codes() == row.codes) }

  /// 40 ticks of 200 with work were stolen; a tick more or less.
  @Test("Steal is a share of the time with work, a tick either way")
  func stealLoss() throws {
    let look = RecordedLook(later: Self.stat(Self.all(Ticks(user: 0, nice: 40, idle: 50, stolen: 10))))
    let steal = try look.findings().findings.first { $0.cause.code == "steal" }
    #expect(steal == MachineFinding(.steal(share: 0.2), Loss(0.195...0.205, .measured)))
  }

  @Test(
    "Others leave what they do not use, and half of a CPU at least where they are one thread",
    arguments: [
      (Ticks(user: 30, idle: 70), 0.3...0.3), (Ticks(user: 100), 0.5...1),
      (Ticks(user: 0, nice: 100), 0...1), (Ticks(user: 50, nice: 20, idle: 30), 0.5...0.7),
    ] as [(QuietMachine.Ticks, ClosedRange<Double>)])
  func otherLoss(ticks: QuietMachine.Ticks, loss: ClosedRange<Double>) throws {
    let found = try RecordedLook(later: Self.stat(Self.all(ticks))).findings().findings
    let range = try #require(found.first?.loss)
    #expect(abs(range.low - loss.lowerBound) < 1e-9 && abs(range.high - loss.upperBound) < 1e-9)
  }

  /// Ours is 100, started by the shell 90, with a child 101. Number 55 was another process before.
  @Test("Other processes are named by program, the busiest first, without our own tree")
  func programs() throws {
    var look = RecordedLook(
      changes: [
        "/proc/90/stat": QuietMachine.process(90, "sh", ticks: 10),
        "/proc/100/stat": QuietMachine.process(100, "advisor", parent: 90, ticks: 0),
        "/proc/55/stat": QuietMachine.process(55, "old", ticks: 5000, start: 1),
        "/proc/60/stat": QuietMachine.process(60, "a) (b", ticks: 100),
      ],
      later: Self.stat(Self.all(Ticks(user: 50, idle: 50))).merging(
        [
          "/proc/90/stat": QuietMachine.process(90, "sh", ticks: 30),
          "/proc/100/stat": QuietMachine.process(100, "advisor", parent: 90, ticks: 10),
          "/proc/101/stat": QuietMachine.process(101, "helper", parent: 100, ticks: 10),
          "/proc/55/stat": QuietMachine.process(55, "cc1", ticks: 40, start: 900),
          "/proc/56/stat": QuietMachine.process(56, "cc1", ticks: 50, start: 901),
          "/proc/60/stat": QuietMachine.process(60, "a) (b", ticks: 140),
          "/proc/61/stat": "61 (broken\n", "/proc/62/stat": "",
        ], uniquingKeysWith: { $1 }))
    look.surroundings.processID = 100
    guard case .otherProcesses(let share, let programs, let unnamed)? = try look.findings().findings.first?.cause
    else { throw Missing() }
    #expect(
      programs == [
        BusyProgram(name: "cc1", cpus: 0.9, processes: 2, ids: [56, 55]),
        BusyProgram(name: "a) (b", cpus: 0.4, processes: 1, ids: [60]),
      ])
    // Of 2 CPUs ours are 0.4, named are 1.3.
    #expect(abs(share - 0.4) < 1e-9 && abs(unnamed - 0.075) < 1e-9)
  }

  private struct Missing: Error {}

  @Test("Without a process that may be seen, the load is nobody's")
  func unnamed() throws {
    let found = try RecordedLook(later: Self.stat(Self.all(Ticks(user: 50, idle: 50)))).findings().findings
    #expect(found.map(\.cause) == [.otherProcesses(share: 0.5, programs: [], unnamedShare: 0.5)])
  }

  @Test(
    "A neighbour is found where known work took longer at the median than in its quiet time",
    arguments: [(1.0, []), (1.05, []), (1.25, ["neighbour"]), (nil, [])] as [(Double?, [String])])
  func neighbour(ratio: Double?, codes: [String]) throws {
    var look = RecordedLook()
    look.surroundings.neighbourRatio = ratio
    let findings = try look.findings()
    #expect(findings.findings.map(\.cause.code) == codes)
    #expect(findings.findings.allSatisfy { abs(($0.loss?.high ?? 1) - 0.2) < 1e-9 && $0.loss?.low == 0 })
    #expect(findings.seen.contains(.neighbour) == (ratio != nil))
  }

  @Test("What stops all tasks is lost for certain, what stops some may be")
  func pressureLoss() throws {
    let look = RecordedLook(later: Self.pressure("/proc/pressure/io", some: 402_000, full: 101_000))
    let loss = try #require(try look.findings().findings.first?.loss)
    #expect(abs(loss.low - 0.1) < 1e-9 && abs(loss.high - 0.4) < 1e-9)
  }
}
