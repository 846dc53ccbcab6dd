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

  @Test("What was not asked takes no room but a line in the appendix")
  func whatWasNotAskedTakesALine() throws {
    let document = CapacityReport(profile: Self.profile).document
    #expect(document.sections.map(\.title) == ["Assumptions and doubts"])
    let absent = try #require(document.appendix.last)
    #expect(absent.title == "Not in this report")
    for title in [
      "Until when", "Response time", "Machines and cost", "More workers", "How to run the job", "Strategy map",
      "Speedup",
      "Operations in flight", "Predicted and observed",
    ] { #expect(absent.points.contains { $0.hasPrefix("\(title): ") }, "\(title)") }
    let costs = try #require(document.appendix.first { $0.title == "Costs" })
    #expect(costs.exhibits.isEmpty && costs.missing.count == 7)
    let unmeasured = try #require(document.appendix.first { $0.title == "Not measured" })
    #expect(unmeasured.points.contains { $0.contains("process spawn") })
    #expect(document.answer?.headline == "No question was asked" && document.answer?.standing == nil)
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
    #expect(page.contains("Values of “Response time by load”"))
  }

  @Test("Markdown holds the values of a figure and the raw numbers")
  func markdownHoldsTheValuesOfAFigureAndTheRawNumbers() {
    let text = MarkdownReport(Self.busy.document, attachment: "{\"schema\": 1}").text
    #expect(text.contains("| expected "))
    #expect(text.hasPrefix("# Capacity report\n"))
    #expect(text.contains("```json\n{\"schema\": 1}\n```"))
  }

  /// One server at half load is answered by P95 = ln 20 / (μ − λ) = 3 s.
  @Test("A load without a goal is answered in CPUs")
  func aLoadWithoutAGoal() throws {
    let answer = try #require(Self.busy.document.answer)
    #expect(answer.rows.first?.sentences == ["Give 1 requests/s of 500 ms 1 CPU."])
    #expect(Self.busy.document.keyFigures.map(\.value) == ["50\u{A0}%", "3 s", "50\u{A0}%"])
  }

  /// 100, 110, … on ten days reach 250 on the sixteenth.
  @Test("The forecast of a capacity is answered with its date")
  func theForecastHasItsDate() throws {
    let rows = (1...10).map { "2026-01-\($0 < 10 ? "0" : "")\($0),\(90 + 10 * $0 + $0 % 2)" }
    let loads = try LoadHistory(csv: Array(("date,load\n" + rows.joined(separator: "\n")).utf8), file: "load.csv")
    var report = CapacityReport(profile: Self.profile)
    report.forecast = try LoadForecast(
      loads, capacity: 250, headroom: 0, level: 0.9, horizon: 20, model: .linear)
    report.pastLoad = loads.points.map { .init(t: $0.time, date: loads.text(time: $0.time), load: $0.load) }
    #expect(report.answer.standing == .amber)
    #expect(report.answer.headline == .actBefore(date: "2026-01-16"))
    #expect(report.answer.dates == [.capacityUntil(date: "2026-01-16")])
    let section = try #require(report.document.sections.first { $0.title == "Until when" })
    let plot = try #require(section.figures.first?.plot)
    #expect(plot.series.map(\.title) == ["so far", "90\u{A0}% interval", "expected", "capacity"])
    #expect(plot.series.first?.points.count == 10)
    #expect(plot.xAxis == .dates)
  }

  private static let goal = { try? FleetGoal(arrivalRate: 10, p95Response: 1, headroom: 0.3, redundancy: 1) }()

  /// Machines for 10 requests/s of 100 ms on two CPUs each, and loads that one machine, at 70 % of its 20/s, does not bear on the
  /// first days.
  private static func planned(last: Double = 8, early: Double = 30, growth: Double = 0.05) throws -> CapacityReport {
    let goal = try #require(goal)
    let fleet = FleetPlan(
      [MachineOption(name: "a", servers: 2, serviceTime: 0.1, pricePerHour: 0.5)], goal: goal, currency: "EUR")
    let points = (0..<40).map {
      LoadHistory.Point(time: 20_454 + Double($0), load: $0 < 3 ? early : last + growth * Double($0 - 39))
    }
    let history = try LoadHistory(points, hasDates: true)
    var report = CapacityReport(profile: profile)
    report.fleet = fleet
    report.currency = "EUR"
    report.outlook = try FleetOutlook(fleet.fleets[0], goal: goal, history: history, level: 0.9)
    report.forecast = try LoadForecast(history, capacity: 14, headroom: 0, level: 0.9, horizon: 5, model: nil)
    report.pastLoad = points.map { .init(t: $0.time, date: history.text(time: $0.time), load: $0.load) }
    return report
  }

  @Test("That the load was above what the machines bear comes first of the dates, once")
  func exceededFirst() throws {
    let document = try Self.planned().document
    let dates = try #require(document.answer?.rows.first { $0.question == "By when" })
    #expect(dates.sentences[0].hasPrefix("The load has already reached 14: on 3 of 40"))
    #expect(dates.sentences[1].contains("keep the goal until then with one failed"))
    #expect(Self.texts(of: document).count { $0.contains("already reached") } == 1)
  }

  @Test(
    "Green, amber and red: nothing soon, something soon, something now",
    arguments: [
      (last: 8.0, early: 6.0, growth: 0.05, standing: ReportAnswer.Standing.green), (13, 5, 0.2, .amber),
      (8, 30, 0.05, .amber), (16, 5, 0.2, .red),
    ])
  func standing(last: Double, early: Double, growth: Double, standing: ReportAnswer.Standing) throws {
    #expect(try Self.planned(last: last, early: early, growth: growth).answer.standing == standing)
  }

  @Test("When, how many, what cost and how sure are the first things said")
  func theFourQuestions() throws {
    let document = try Self.planned(early: 6).document
    #expect(document.answer?.rows.map(\.question) == ["What to do", "By when", "What it costs", "How sure"])
    let rows = document.answer?.rows ?? []
    #expect(rows[0].sentences == ["Run 2 × a for 10 requests/s, 1 of them to spare."])
    #expect(rows[2].sentences == ["1\u{A0}EUR an hour, 730\u{A0}EUR a month."])
    #expect(document.keyFigures.count == 3)
  }

  @Test("Each sentence is said once") func eachSentenceOnce() throws {
    for document in try [Self.planned().document, Self.busy.document, CapacityReport(profile: Self.profile).document] {
      let texts = Self.texts(of: document)
      #expect(Set(texts).count == texts.count, "\(texts.filter { text in texts.count { $0 == text } > 1 })")
    }
  }

  /// All that is said in sentences.
  private static func texts(of document: ReportDocument) -> [String] {
    (document.answer?.rows.flatMap(\.sentences) ?? [])
      + (document.sections + document.appendix).flatMap { section in
        section.sentences + section.points + section.missing + section.figures.map(\.caption)
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
    let section = try #require(report.document.appendix.first { $0.title == "Speedup" })
    let plot = try #require(section.figures.first?.plot)
    #expect(plot.series.first?.points.map(\.y) == [1, 1.9, 1.9])
    #expect(plot.series.contains { $0.title == "limit" } == !fitted)
    #expect(section.missing.contains { $0.contains("three worker counts") } == !fitted)
  }

  @Test(
    "Machines are drawn beside each other, by cost where prices are known", arguments: [nil, 2.0] as [Double?], [1, 2])
  func costByMachine(price: Double?, kinds: Int) throws {
    var report = CapacityReport(profile: Self.profile)
    let options = (1...kinds).map { MachineOption(name: "a\($0)", servers: 2, serviceTime: 0.1, pricePerHour: price) }
    report.fleet = FleetPlan(options, goal: try #require(Self.goal))
    let section = try #require(report.document.sections.first { $0.title == "Machines and cost" })
    #expect(section.figures.map(\.title) == (kinds == 1 ? [] : [price == nil ? "Machines by kind" : "Cost by machine"]))
    #expect(report.answer.costs.contains(.noPrice) == (price == nil))
    #expect(section.exhibits.count == 2)
  }
}
