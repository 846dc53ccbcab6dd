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
