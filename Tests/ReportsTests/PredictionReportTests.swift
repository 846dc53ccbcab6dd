import AdvisorCore
import Console
import Testing

@testable import Reports

@Suite("How predictions are explained") struct PredictionReportTests {
  @Test("An interval's sources come largest first, and past runs are told apart from them")
  func interval() {
    let split = IntervalSplit(
      width: 0.3, widthWithoutHistory: 0.5, pastRuns: 30,
      shares: [
        .init(source: .model, share: 0.75, width: 0.4), .init(source: .runNoise, share: 0.25, width: 0.2),
      ])
    let text = TextReport.intervalSplit(split).replacing("\u{A0}", with: " ")
    #expect(text.contains("model      75 %        40 %") && text.contains("run noise  25 %        20 %"), "\(text)")
    #expect(text.contains("30 % of the median wide; without past runs, 30 of them of such"), "\(text)")
  }

  private static func run(seconds: Double, cpu: Double, predictedCPU: Double?) -> HistoryEntry {
    HistoryEntry(
      at: "2026-01-01T00:00:00Z", fingerprint: "a", job: "cpu:8x1e6", jobClass: "",
      plan: Plan(strategy: .threads, workers: 2), predicted: .init(p5: 0.9, p50: 1, p95: 1.1), unlearntSeconds: 1,
      spread: 0.1, predictedCPUSeconds: predictedCPU,
      observed: RunOutcome(seconds: seconds, cpuSeconds: cpu, tasks: 8))
  }

  @Test("A run outside its interval says whether its CPU time was off or what it waited for")
  func history() {
    let runs = [
      Self.run(seconds: 2, cpu: 4, predictedCPU: 2), Self.run(seconds: 2, cpu: 2, predictedCPU: 2),
      Self.run(seconds: 2, cpu: 2, predictedCPU: nil), Self.run(seconds: 1, cpu: 9, predictedCPU: 2),
    ]
    #expect(runs.map(\.miss) == [.work, .waiting, .unknown, nil])
    let list = HistoryList(path: "history", total: 4, runs: runs)
    #expect(list.misses == ["work": 1, "waiting": 1, "unknown": 1])
    let text = TextReport.history(list)
    #expect(text.contains("outside: CPU time") && text.contains("outside: waits, load"))
  }

  @Test(
    "Each figure of a profile names the part of a prediction that it moves",
    arguments: [
      ("kernel word", "compute"), ("speedup sort, 2 workers", "compute"),
      ("first touch of memory, 2 threads", "memory"),
      ("disk, 4096 B, depth 4", "disk"), ("http, 1024 B, 4 in flight", "transfer"), ("timerLateness, unpinned", "wait"),
      ("teamStart, unpinned", "start"), ("pipeRoundTrip, crossCPU", "dispatch"),
    ])
  func figures(name: String, part: String) { #expect(ProfileDifference.part(ofFigure: name) == part) }
}

@Suite("What is said of a run") struct RunTextTests {
  private static func text(failed: Int) throws -> String {
    let predicted = Prediction(
      seconds: .init(p5: 1, p50: 2, p95: 3), cpuSeconds: 4, memoryBytes: 0, fixedSeconds: 0, variableSeconds: 2,
      breakdown: [])
    let observed = RunOutcome(seconds: 0.2, cpuSeconds: 0.1, tasks: 8, failed: failed)
    let usual = RunRecord.Usual(command: "xargs -P 2", seconds: 2)
    return TextReport.run(
      RunRecord(
        job: try Job("cpu:8x1e6"), plan: Plan(strategy: .processes, workers: 2), predicted: predicted,
        observed: observed, usual: usual))
  }

  @Test("Where tasks worked, the prediction stands beside what came")
  func worked() throws {
    let text = try Self.text(failed: 3)
    #expect(text.contains("5 of 8 tasks done, 3 failed") && text.contains("faster than predicted"), "\(text)")
    #expect(text.contains("xargs -P 2"), "\(text)")
  }

  @Test("Where all failed, no speed is told")
  func failed() throws {
    let text = try Self.text(failed: 8)
    #expect(text.contains("0 of 8 tasks done, 8 failed"), "\(text)")
    #expect(!text.contains("predicted") && !text.contains("xargs"), "\(text)")
  }
}
