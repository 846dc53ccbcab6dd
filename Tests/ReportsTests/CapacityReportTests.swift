import AdvisorCore
import Planning
import Reports
import Testing

@Suite("Capacity report")
struct CapacityReportTests {
  /// A machine of which next to nothing is known, with a name that would be markup.
  static let profile = MachineProfile(
    fingerprint: "f", createdAt: "2026-01-01T00:00:00Z", advisorVersion: "0", level: .quick,
    machine: Machine(
      architecture: "x86_64", model: "<script>alert('*1*')</script>",
      cpus: .init(online: [0], allowed: [0], usable: [0]),
      counts: .init(packages: nil, cores: nil, logicalCPUs: 1, threadsPerCore: nil, numaNodes: 1), topology: [],
      usable: .init(logicalCPUs: 1, effectiveCPUs: 1, memoryBytes: nil)),
    fixedCosts: [], variableCosts: VariableCosts(),
    noise: Noise(stealShare: 0, otherBusyShare: 0, cpuPressure: nil, probeRatio: 1, runSpread: 0), quality: [])

  static func report(scaling: ScalingFit? = nil, queue: QueuePlan? = nil) -> CapacityReport {
    CapacityReport(
      profile: profile, recommendation: nil, scaling: scaling, queue: queue, forecast: nil, fleet: nil, runs: [])
  }

  @Test func whatIsMissingIsSaidWhereThePlotWouldBe() throws {
    let document = Self.report().document
    for title in ["Speedup", "Operations in flight", "Latency and headroom", "Until when", "Predicted and observed"] {
      let section = try #require(document.sections.first { $0.title == title })
      #expect(section.figures.isEmpty && !section.missing.isEmpty, "\(title)")
    }
  }

  @Test func namesAreNeverMarkup() throws {
    let document = Self.report().document
    let page = try HTMLReport(document, plots: [], attachment: "</pre><script>").text
    #expect(!page.contains("<script>"))
    #expect(page.contains("&lt;script&gt;"))
    #expect(MarkdownReport(document).text.contains("\\<script\\>alert('\\*1\\*')"))
  }

  @Test func aPageNeedsNothingElse() throws {
    let queue = try QueuePlan(QueueLoad(arrivalRate: 1, serviceSeconds: 0.5), .exponential, servers: 1, seed: 1)
    let document = Self.report(queue: queue).document
    let page = try HTMLReport(document, plots: [nil], attachment: "{}").text
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("src="))
    #expect(page.contains("install gnuplot"))
    #expect(page.contains("Values of “Latency by utilisation”"))
  }

  @Test func markdownHoldsTheValuesOfAFigure() throws {
    let queue = try QueuePlan(QueueLoad(arrivalRate: 1, serviceSeconds: 0.5), .exponential, servers: 1, seed: 1)
    let text = MarkdownReport(Self.report(queue: queue).document).text
    #expect(text.contains("| operating point |"))
    #expect(text.hasPrefix("# Capacity report\n"))
  }
}

@Suite("Plots")
struct PlotTests {
  let plot = Plot(
    xLabel: "it's x_1", yLabel: "y", isLogarithmicX: true,
    series: [
      Plot.Series("measured", .points, [Plot.Point(x: 1, y: 2, low: 1.5, high: 2.5), Plot.Point(x: 2, y: 4)]),
      Plot.Series("fitted", .line, [Plot.Point(x: 1, y: 2)]),
    ])

  @Test func theScriptHoldsTheDataAndTheAxes() {
    let script = GnuplotScript(plot).text
    #expect(script.contains("$data0 << END\n1.0 2.0 1.5 2.5\n2.0 4.0 4.0 4.0\nEND"))
    #expect(script.contains("set xlabel 'it''s x_1' noenhanced"))
    #expect(script.contains("set logscale x 2"))
    #expect(script.contains("$data1 using 1:2 with lines"))
  }
}
