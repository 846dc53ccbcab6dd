import AdvisorCore
import History
import Testing

@Suite("Past tunings and pilots") struct TrialHistoryTests {
  private let scratch: ScratchHistory
  private var history: History { get throws { try History(path: scratch.path) } }

  init() throws { scratch = try ScratchHistory() }

  private func place(_ command: String, folder: String = "/src", machine: String = "a") -> TrialPlace {
    TrialPlace(fingerprint: machine, folder: folder, command: command)
  }

  private func tuning(_ place: TrialPlace, best: String) throws -> TuningEntry {
    let run = TuningReport.Run(values: ["n": best], seconds: 1, cpuSeconds: 2, failure: .exited(status: 3), order: 1)
    let again = TuningReport.Run(values: ["n": best], seconds: 1.1, disturbed: true, order: 2)
    let report = TuningReport(
      command: place.command, knobs: [.init(name: "n", values: ["1", "2"])], objective: "time", cpus: 2,
      start: ["n": "2"], recommended: ["n": best], line: nil, verdict: .better,
      gain: .init(low: 0.1, value: 0.2, high: 0.3), usual: nil, earlier: nil, lossOfStopping: 0.01, runs: [run, again],
      seconds: 1, stoppedBecause: .settled, reasons: [], caveats: [])
    return try #require(TuningEntry(report, at: "2026-01-01T00:00:00Z", place: place))
  }

  private func pilot(_ command: String) -> PilotEntry {
    PilotEntry(
      at: "2026-01-01T00:00:00Z", place: place(command), inputs: 40, tried: 5, seconds: 0.5,
      plan: Plan(strategy: .processes, workers: 4), predicted: .init(p5: 0.9, p50: 1, p95: 1.2))
  }

  @Test("The newest tuning of a command comes first, of the same folder and machine alone")
  func tunings() throws {
    let (make, other) = (place("make -j{n}"), place("xz -T{n}"))
    let all = [make, make, place("make -j{n}", folder: "/b"), place("make -j{n}", machine: "b"), other]
    for (index, place) in all.enumerated() { try history.add(try tuning(place, best: "\(index)")) }
    #expect(try history.newestTunings(9, of: make).map(\.recommended) == [["n": "1"], ["n": "0"]])
    #expect(try history.newestTunings(9).count == 5)
    #expect(try history.newestTunings(1) == [tuning(other, best: "4")])
  }

  @Test("Pilots are no tunings, and neither are runs; all are forgotten together")
  func pilots() throws {
    try history.add(pilot("gzip -k"))
    try history.add(try tuning(place("make -j{n}"), best: "2"))
    try history.add(ScratchHistory.entry("cpu:1x1"))
    #expect(try history.newestPilots(9) == [pilot("gzip -k")])
    #expect(try history.newestTunings(9).count == 1)
    #expect(try history.count() == 1)
    try history.clear()
    #expect(try history.newestPilots(9).isEmpty && history.newestTunings(9).isEmpty && history.count() == 0)
  }

  @Test("A row that cannot have been costs no other its place", arguments: ["{}", "no document", "{\"at\":1}"])
  func damaged(document: String) throws {
    try history.add(pilot("gzip -k"))
    let insert = "INSERT INTO trial (kind, fingerprint, folder, command, document) VALUES ('pilot', 'a', '', '', ?)"
    try scratch.python("db.execute(\"\(insert)\", ['''\(document)'''])")
    #expect(try history.newestPilots(9) == [pilot("gzip -k")])
  }
}
