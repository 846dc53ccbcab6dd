import AdvisorCore
import Console
import Foundation
import Observation
import Reports
import Testing

@Suite("What tuning has shown") struct TuningTextTests {
  private func report(
    usual: TuningReport.Usual? = nil, verdict: TuningReport.Verdict = .better, failure: TrialFailure? = nil
  ) -> TuningReport {
    TuningReport(
      command: "curl -P{n}", knobs: [.init(name: "n", values: ["2", "32"])], objective: "time", cpus: 2,
      start: ["n": "2"], recommended: ["n": "32"], line: "curl -P32", verdict: verdict,
      gain: .init(low: 4, value: 5, high: 6), usual: usual,
      earlier: .init(at: "2026-11-29T10:00:00Z", recommended: ["n": "24"], runs: 7), lossOfStopping: 0.02,
      runs: [
        .init(values: ["n": "2"], seconds: 6, cpuSeconds: 1, order: 1),
        .init(values: ["n": "32"], seconds: 1, cpuSeconds: 1, failure: failure, order: 2),
      ], seconds: 8, stoppedBecause: .stalled, reasons: [.waits(idleShare: 0.57, workers: 32)],
      caveats: [.servedByOthers(cpuSeconds: 0.15)])
  }

  /// Without its line ends.
  private func text(_ report: TuningReport) -> String {
    TextReport.tuning(TuningDocument(report, causes: [.network(share: 0.9)]))
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test("The pick stands beside the CPU count, and beside what the program takes by itself")
  func usual() {
    let other = TuningReport.Usual(program: "xargs", value: 1, gain: .init(low: 9, value: 10, high: 11))
    #expect(
      text(report(usual: other)).contains("1000 % faster (900 % to 1100 %) than the 1 that xargs takes by itself"))
    let start = TuningReport.Usual(program: "pigz", value: 2, gain: .init(low: 4, value: 5, high: 6))
    #expect(text(report(usual: start)).contains("pigz would take that"))
    let pick = TuningReport.Usual(program: "tool", value: 32, gain: .init(low: 0, value: 0, high: 0))
    #expect(text(report(usual: pick)).contains("which is what tool takes by itself"))
    #expect(!text(report()).contains("by itself"))
  }

  @Test("A start that few runs have left unchallenged is the best so far, and no more")
  func unchallenged() {
    var report = report(verdict: .undecided)
    report.recommended = report.start
    #expect(text(report).contains("n = 2 is the best so far; others may be better."))
  }

  @Test("The reason comes in the words of why, then what the values do about it; each figure once")
  func reasons() {
    let lines = text(report())
    #expect(lines.contains("It waits for the network or its peers 90 % of the time."))
    #expect(lines.contains("No thread could run 57 % of the time; with 32 workers the waits overlap."))
    #expect(lines.contains("more runs would hardly change that"))
    #expect(lines.contains("Started from the 7 runs of 2026-11-29, which found n = 24 best."))
  }

  @Test("A document has the codes of why and tune, each with its sentence, and how a run has failed")
  func document() throws {
    let document = TuningDocument(report(failure: .exited(status: 3)), causes: [.network(share: 0.9)])
    let json = try JSONEncoder().encode(document)
    let object = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
    let reasons = try #require(object["reasons"] as? [[String: Any]])
    #expect(reasons.map { $0["code"] as? String } == ["network", "waits"])
    #expect(reasons.allSatisfy { ($0["text"] as? String)?.isEmpty == false })
    #expect((object["caveats"] as? [[String: Any]])?.first?["code"] as? String == "servedByOthers")
    let failures = try #require(object["runs"] as? [[String: Any]]).map { $0["failure"] as? [String: Any] }
    #expect(failures[0] == nil && failures[1]?["code"] as? String == "exited" && failures[1]?["status"] as? Int == 3)
    #expect(failures[1]?["text"] as? String == "failed with exit status 3")
  }

  @Test("Runs that had nothing to do are told, with the way to give them work")
  func noWork() {
    var report = report()
    report.caveats = [.noWork(seconds: 0.0051)]
    let text = TextReport.tuning(TuningDocument(report, causes: []))
    #expect(text.contains("5.1 ms") && text.contains("as in --prepare 'make clean'"), "\(text)")
  }
}
