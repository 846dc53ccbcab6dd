import AdvisorCore
import AdvisorTestSupport
import Console
import Documents
import FoundationEssentials
import Observation
import Testing

@testable import Reports

/// What binds a process tree, in words, in JSON and in the report.
@Suite("What holds a tree back, as it is shown") struct ObservationReportTests {
  static let sentences: [(cause: Cause, sentence: String)] = [
    (
      .memoryBandwidth(
        share: 0.8, bytesPerSecond: 17_179_869_184, maxBytesPerSecond: 42_949_672_960, instructionsPerCycle: nil
      ),
      "Bound by memory bandwidth: it goes over memory at 16 GiB/s at least, of 40 GiB/s that this machine gives (80 % of the "
        + "time)."
    ),
    (
      .memoryBandwidth(
        share: 0.8, bytesPerSecond: 34_359_738_368, maxBytesPerSecond: 42_949_672_960, instructionsPerCycle: 0.4
      ),
      "Bound by memory bandwidth: it goes over memory at 32 GiB/s, of 40 GiB/s that this machine gives, at 0.4 instructions a "
        + "cycle (80 % of the time)."
    ),
    (
      .disk(share: 0.9, bytesPerSecond: 20 * 1_048_576, stalledShare: 0.5),
      "Bound by the disk: it waits for it 90 % of the time, and moves 20 MiB/s; I/O pressure 50 %."
    ),
    (
      .disk(share: 0.9, bytesPerSecond: nil, stalledShare: 0.001),
      "Bound by the disk: it waits for it 90 % of the time."
    ),
    (
      .memoryPressure(share: 0.4, faultsPerSecond: 1000, limitBytes: 32 << 20, source: "f", stalledShare: 0.25),
      "Short of memory: at the cgroup's limit of 32 MiB 1000 pages/s are read again, which takes 40 % of the time; memory "
        + "pressure 25 %."
    ),
  ]

  @Test("A cause is said with what the kernel says besides", arguments: sentences.map { ($0.cause, $0.sentence) })
  func cause(cause: Cause, sentence: String) { #expect(Sentences(strategies: StrategyText()).text(cause) == sentence) }

  @Test("Why nothing was counted is said with what would let it", arguments: CounterFault.allCases)
  func fault(fault: CounterFault) {
    let text = Sentences(strategies: StrategyText()).text(Blindness.counters(fault: fault))
    #expect(text.hasPrefix("Whether computing means waiting for memory: ") && text.hasSuffix("."))
  }

  /// 10 s in pieces of 2.5 s: at first all runs, then less and less.
  private static let document: ObservationDocument = {
    var profile = TreeProfile()
    (profile.seconds, profile.samples, profile.pieceSeconds) = (10, 200, 2.5)
    for step in 0..<4 {
      var piece = TimeSplit()
      (piece.running, piece.disk, piece.lock) = (2.5 - 0.5 * Double(step), 0.3 * Double(step), 0.2 * Double(step))
      profile.timeline.append(piece)
    }
    (profile.wall.running, profile.wall.disk, profile.wall.lock) = (7, 1.8, 1.2)
    let setting = Observation.Setting(target: "make <all>", cpus: 2)
    return ObservationDocument(Observation(profile, setting), samplingSeconds: 0.01)
  }()

  @Test("The document is read back as it was written")
  func readBack() throws {
    let text = try JSONDocument.text(of: Self.document)
    let again = try JSONDocument.decode(ObservationDocument.self, from: Data(text.utf8), of: "it")
    #expect(try JSONDocument.text(of: again) == text)
  }

  @Test("Shares of the plot stand on each other, and fill each piece")
  func stack() {
    let plot = CapacityReport.stack(Self.document)
    #expect(plot.series.map(\.title) == ["running", "disk", "lock"])
    for index in 0..<4 {
      let points = plot.series.map { $0.points[index] }
      #expect(points[0].low == 0 && agree(points[2].high, 100, within: 1e-9))
      #expect(zip(points, points.dropFirst()).allSatisfy { $0.high == $1.low })
    }
    #expect(plot.series[0].points.map(\.y) == [100, 80, 60, 40])
    #expect(GnuplotScript(plot).text.contains("filledcurves"))
  }

  @Test("The report has a section of it only where one was observed")
  func section() {
    var report = CapacityReport(profile: CapacityReportTests.profile)
    #expect(!report.document.sections.contains { $0.title == "What held it back" })
    report.observation = Self.document
    let page = HTMLReport(report.document, plots: [nil], attachment: "{}").text
    #expect(page.contains("What held it back") && page.contains("make &lt;all&gt;"))
  }
}
