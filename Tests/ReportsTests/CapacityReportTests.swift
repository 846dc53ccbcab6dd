import AdvisorCore
import AdvisorTestSupport
import Console
import Planning
import Testing

@testable import Reports

@Suite("Capacity report")
struct CapacityReportTests {
  /// A machine of which next to nothing is known, with a name that would be markup.
  static let profile = SampleProfile.make(
    Machine(
      architecture: "x86_64", model: "<script>alert('*1*')</script>",
      cpus: .init(online: [0], allowed: [0], usable: [0]),
      counts: .init(packages: nil, cores: nil, logicalCPUs: 1, threadsPerCore: nil, numaNodes: 1), topology: [],
      usable: .init(logicalCPUs: 1, effectiveCPUs: 1, memoryBytes: nil)),
    [], VariableCosts(), runSpread: 0)

  static let busy = {
    var report = CapacityReport(profile: profile)
    report.queue = try? QueuePlan(QueueLoad(arrivalRate: 1, serviceSeconds: 0.5), .exponential, servers: 1, seed: 1)
    report.responseGoal = 3
    return report
  }()

  @Test("What is missing is said where the plot would be")
  func whatIsMissingIsSaidWhereThePlotWouldBe() throws {
    let document = CapacityReport(profile: Self.profile).document
    for title in [
      "Answer", "Why", "Candidates", "Strategy map", "Speedup", "Operations in flight", "Latency", "Headroom",
      "Until when", "Machines for the load", "Predicted and observed",
    ] {
      let section = try #require(document.sections.first { $0.title == title })
      #expect(section.figures.isEmpty && !section.missing.isEmpty, "\(title)")
    }
    let costs = try #require(document.sections.first { $0.title == "Costs" })
    #expect(costs.exhibits.isEmpty && costs.missing.count == 7)
    let unmeasured = try #require(document.sections.first { $0.title == "Not measured" })
    #expect(unmeasured.points.contains { $0.contains("process spawn") })
  }

  @Test("Names are never markup")
  func namesAreNeverMarkup() {
    let document = CapacityReport(profile: Self.profile).document
    let page = HTMLReport(document, plots: [], attachment: "</pre><script>").text
    #expect(!page.contains("<script>"))
    #expect(page.contains("&lt;script&gt;"))
    #expect(MarkdownReport(document, attachment: "{}").text.contains("\\<script\\>alert('\\*1\\*')"))
  }

  @Test("A page needs nothing else")
  func aPageNeedsNothingElse() {
    let document = Self.busy.document
    let page = HTMLReport(document, plots: document.figures.map { _ in nil }, attachment: "{}").text
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("src="))
    #expect(page.contains("install gnuplot"))
    #expect(page.contains("Values of “Latency by utilisation”"))
  }

  @Test("Markdown holds the values of a figure and the raw numbers")
  func markdownHoldsTheValuesOfAFigureAndTheRawNumbers() {
    let text = MarkdownReport(Self.busy.document, attachment: "{\"schema\": 1}").text
    #expect(text.contains("| operating point |"))
    #expect(text.hasPrefix("# Capacity report\n"))
    #expect(text.contains("```json\n{\"schema\": 1}\n```"))
  }

  /// One server at half load: half of its time is left. P95 = ln 20 / (μ − λ) ≤ 3 s holds up to λ = 2 − 0.9986 = 1.0014.
  @Test("Headroom is what the load may grow")
  func headroomIsWhatTheLoadMayGrow() throws {
    let section = try #require(Self.busy.document.sections.first { $0.title == "Headroom" })
    #expect(section.sentences.first?.contains("50") == true)
    #expect(section.sentences.last?.contains("to 1 requests/s") == true)
    let bars = try #require(section.figures.first?.plot.series.first)
    #expect(bars.points.map { ($0.y * 10).rounded() / 10 } == [50, 60, 60, 72])
  }

  /// 100, 110, … on ten days reach 250 on the sixteenth: both dates are marks on the plot.
  @Test("The forecast has its two dates")
  func theForecastHasItsTwoDates() throws {
    let rows = (1...10).map { "2026-01-\($0 < 10 ? "0" : "")\($0),\(90 + 10 * $0 + $0 % 2)" }
    let loads = try LoadHistory(csv: Array(("date,load\n" + rows.joined(separator: "\n")).utf8), file: "load.csv")
    var report = CapacityReport(profile: Self.profile)
    report.forecast = try LoadForecast(
      loads, capacity: 250, headroom: 0, level: 0.9, horizon: 20, model: .linear)
    report.pastLoad = loads.points.map { .init(t: $0.time, date: loads.text(time: $0.time), load: $0.load) }
    let section = try #require(report.document.sections.first { $0.title == "Until when" })
    let plot = try #require(section.figures.first?.plot)
    #expect(
      plot.series.filter { $0.style == .mark }.map(\.title) == ["upper 90\u{A0}%: 2026-01-16", "trend: 2026-01-16"])
    #expect(plot.series.first?.points.count == 10)
    #expect(plot.xAxis == .dates)
  }

  /// One of the machines is spare and 70 % of the other 20 requests/s are used: 14/s, which were exceeded on three days.
  @Test("That the load was above what the machines bear comes first")
  func exceededFirst() throws {
    let goal = try FleetGoal(arrivalRate: 10, p95Response: 1, headroom: 0.3, redundancy: 1)
    let fleet = FleetPlan([MachineOption(name: "a", servers: 2, serviceTime: 0.1, pricePerHour: nil)], goal: goal)
    let points = (0..<40).map { LoadHistory.Point(time: Double($0), load: $0 < 3 ? 30 : 8 + 0.05 * Double($0)) }
    let history = try LoadHistory(points, hasDates: false)
    let outlook = try FleetOutlook(fleet.fleets[0], goal: goal, history: history, level: 0.9)
    var report = CapacityReport(profile: Self.profile)
    (report.fleet, report.outlook) = (fleet, outlook)
    report.forecast = try LoadForecast(history, capacity: 14, headroom: 0, level: 0.9, horizon: 5, model: nil)
    for (title, place) in [("Answer", 1), ("Until when", 0)] {
      let section = try #require(report.document.sections.first { $0.title == title })
      #expect(section.sentences[place].hasPrefix("The load has already reached 14: on 3 of 40"), "\(title)")
      #expect(section.sentences[place + 1].contains("meet the goal up to 14"), "\(title)")
      #expect(section.sentences.count { $0.contains("already reached") } == 1, "\(title)")
    }
  }

  /// A law takes three worker counts, and two CPUs have only two that do not take turns.
  @Test("Speedup is fitted within the CPUs", arguments: [(cpus: 2, fitted: false), (cpus: 4, fitted: true)])
  func speedupIsFittedWithinTheCPUs(cpus: Int, fitted: Bool) throws {
    var profile = Self.profile
    profile.machine.usable = .init(logicalCPUs: cpus, effectiveCPUs: Double(cpus), memoryBytes: nil)
    profile.variableCosts.speedups = [(1, 1.0), (2, 1.9), (4, 1.9)].map { workers, speedup in
      SpeedupPoint(
        kernel: .word, workers: workers,
        speedup: Estimate(value: speedup, low: speedup, high: speedup, samples: 5, unit: .ratio))
    }
    let report = CapacityReport(profile: profile)
    #expect((report.scaling != nil) == fitted)
    let section = try #require(report.document.sections.first { $0.title == "Speedup" })
    let plot = try #require(section.figures.first?.plot)
    #expect(plot.series.first?.points.map(\.y) == [1, 1.9, 1.9])
    #expect(plot.series.contains { $0.title == "what the CPUs allow" } == !fitted)
    #expect(section.missing.contains { $0.contains("three worker counts") } == !fitted)
  }

  @Test("Cost by machine is drawn where prices are known, else said to be missing", arguments: [nil, 2.0])
  func costByMachine(price: Double?) throws {
    let goal = try FleetGoal(arrivalRate: 10, p95Response: 1, headroom: 0.3, redundancy: 1)
    var report = CapacityReport(profile: Self.profile)
    report.fleet = FleetPlan(
      [MachineOption(name: "a", servers: 2, serviceTime: 0.1, pricePerHour: price)], goal: goal)
    let section = try #require(report.document.sections.first { $0.title == "Machines for the load" })
    #expect(section.figures.map(\.title) == [price == nil ? "Machines by kind" : "Cost by machine"])
    #expect(section.missing.isEmpty == (price != nil))
    #expect(section.exhibits.count == 2)
  }
}

@Suite("Plots")
struct PlotTests {
  let plot = Plot(
    xLabel: "it's x_1", yLabel: "y", xAxis: .doublings,
    series: [
      Plot.Series("measured", .points, [Plot.Point(x: 1, y: 2, low: 1.5, high: 2.5), Plot.Point(x: 2, y: 4)]),
      Plot.Series("fitted", .line, [Plot.Point(x: 1, y: 2)]),
    ])

  @Test("The script holds the data and the axes")
  func theScriptHoldsTheDataAndTheAxes() {
    let script = GnuplotScript(plot).text
    #expect(script.contains("$data0 << END\n1.0 2.0 1.5 2.5\n2.0 4.0 4.0 4.0\nEND"))
    #expect(script.contains("set xlabel 'it''s x_1' noenhanced"))
    #expect(script.contains("set logscale x 2"))
    #expect(script.contains("$data1 using 1:2 with lines"))
  }

  @Test("Values show under the pointer without a script")
  func valuesShowUnderThePointerWithoutAScript() {
    #expect(GnuplotScript(plot).text.contains("1.0 2.0 \"measured, its x_1 1: y 2 (1.5 – 2.5)\""))
    let drawn = """
      <?xml?><svg viewBox="0 0 1 1"><desc></desc><g id="gnuplot_plot_3" ><title>gnuplot_plot_3</title>\
      <g onmousemove="gnuplot_svg.showHypertext(evt,'y 2 &lt;3')" onmouseout="gnuplot_svg.hideHypertext()"><title> </title>\
      <use xlink:href='#gpPt6'/></g></g></svg>
      """
    let document = ReportDocument(
      title: "t", subtitle: "s",
      sections: [.init(title: "a", figures: [.init(title: "b", caption: "c", plot: plot)])])
    let page = HTMLReport(document, plots: [drawn], attachment: "{}").text
    #expect(page.contains("<g ><title>y 2 &lt;3</title><use xlink:href='#f1-gpPt6'/></g>"))
    #expect(!page.contains("onmouse") && !page.contains("<title>f1-gnuplot"))
  }

  @Test("Thinning keeps the ends, the peaks and the lows", arguments: [4, 17, 60, 400], [1, 7777, 49_998])
  func tensOfThousandsOfPointsAreThinned(most: Int, peak: Int) {
    var points = (0..<50_000).map { Plot.Point(x: Double($0), y: Double($0 % 97)) }
    points[peak].y = 39_197
    points[50_000 - peak].y = -5
    let shown = Plot.thinned(points, to: most)
    #expect(shown.count <= most)
    #expect(shown.first == points.first && shown.last == points.last)
    #expect(shown.contains(points[peak]) && shown.contains(points[50_000 - peak]))
    #expect(shown == shown.sorted { $0.x < $1.x })
  }
}
