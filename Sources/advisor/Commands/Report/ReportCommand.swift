import AdvisorCore
import ArgumentParser
import Calibration
import Console
import CostModel
import Documents
import FoundationEssentials
import History
import Planning
import Reports
import System
import Tasks

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "report",
    abstract: "Writes the capacity report: HTML, Markdown, PDF, JSON.",
    usage: "advisor report --output <file> [<options>]",
    discussion: """
      The profile gives the machine, its costs and its speedup; --job adds how to \
      run it; a load, a goal and a load history add latency, machines and dates. \
      gnuplot draws the plots and chromium prints PDF, where they are installed.

        advisor report --output report.html \\
          --arrival-rate 120/s --service-time 50ms \\
          --p95-response 300ms --load-history load.csv
      """)

  enum Format: String { case html, md, json, pdf }

  @Option(help: ArgumentHelp("File to write: .html, .md, .json or .pdf.", valueName: "file")) var output: String
  @Option(help: ArgumentHelp("A job string such as cpu:8x1e6.", valueName: "job")) var job: String?
  @Option(help: ArgumentHelp("Request rate, such as 200/s.", valueName: "rate"), transform: Rate.init(typed:))
  var arrivalRate: Rate?
  @Option(
    help: ArgumentHelp("Mean time of one request on one CPU.", valueName: "time"), transform: Seconds.init(typed:))
  var serviceTime: Seconds?
  @Option(
    help: ArgumentHelp("Goal: 95 % of requests are answered within this time.", valueName: "time"),
    transform: Seconds.init(typed:))
  var p95Response: Seconds?
  @Option(help: ArgumentHelp("CSV file of past loads.", valueName: "csv")) var loadHistory: String?
  @Option(
    help: ArgumentHelp(
      "Column of loads to read, or a name in a column.", valueName: "name"))
  var series: [String] = []
  @Option(
    help: ArgumentHelp(
      "Highest load (default: what the advised machines serve).",
      valueName: "load"))
  var capacity: LoadArgument?
  @Option(help: ArgumentHelp("What `advisor why --json` said of a command.", valueName: "file")) var why: String?
  @Option(help: ArgumentHelp("Measured throughput, as for fit.", valueName: "file")) var measurements: String?
  @OptionGroup var fleet: FleetOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var history: HistoryOptions

  private var format: Format? { output.split(separator: ".").last.flatMap { Format(rawValue: $0.lowercased()) } }

  func validate() throws {
    guard output.contains("."), format != nil else {
      throw ValidationError("--output \(output): end the name with .html, .md, .json or .pdf.")
    }
    guard (arrivalRate == nil) == (serviceTime == nil) else {
      throw ValidationError("--arrival-rate and --service-time go together.")
    }
    if p95Response != nil, arrivalRate == nil { throw ValidationError("--p95-response needs --arrival-rate.") }
    guard loadHistory != nil || capacity == nil && series.isEmpty else {
      throw ValidationError("--capacity and --series need --load-history.")
    }
    guard loadHistory == nil || capacity != nil || p95Response != nil else {
      throw ValidationError("--load-history needs --capacity, or a goal that machines are counted for: --p95-response.")
    }
  }

  func run() throws {
    // Half a minute of measuring for a file that cannot be written would be lost.
    try AtomicFile.check(output)
    let report = try report()
    try AtomicFile.write(bytes(of: report), to: output)
    Terminal.note("written: \(output)")
  }

  private func bytes(of report: CapacityReport) throws -> [UInt8] {
    let numbers = try JSONDocument.text(of: Document(report))
    switch format {
    case .json: return [UInt8](numbers.utf8)
    case .md: return [UInt8](MarkdownReport(report.document, attachment: numbers).text.harmless.utf8)
    case .pdf: return try PagePrinter.pdf(page(report.document, numbers))
    default: return [UInt8](page(report.document, numbers).utf8)
    }
  }

  private func page(_ document: ReportDocument, _ numbers: String) -> String {
    HTMLReport(document, plots: Gnuplot.draw(document.figures.map(\.plot)), attachment: numbers).text.harmless
  }
}

extension ReportCommand {
  private func report() throws -> CapacityReport {
    let profile = try costs.resolve().profile
    let past = history.open()
    var report = CapacityReport(profile: profile)
    report.origin = Self.origin
    report.measured = try measurements.map(Self.fit)
    report.runs = (try? past?.newest(200, of: profile.fingerprint)) ?? []
    try advise(&report, history.model(of: profile, past))
    try planLoad(&report)
    try forecast(&report)
    report.observation = try why.map(observation)
    return report
  }

  private func observation(_ path: String) throws(AdvisorError) -> ObservationDocument {
    let advice = "make it by: advisor why --json -- COMMAND > FILE"
    let document: ObservationDocument
    do {
      document = try JSONDocument.read(ObservationDocument.self, from: path)
    } catch {
      throw AdvisorError(error.code, error.problem, advice: advice)
    }
    guard document.schema == ObservationDocument.schema else {
      throw AdvisorError(.badData, "\(path) is of the kind \(document.schema.quoted)", advice: advice)
    }
    return document
  }

  /// The fit of measurements, with a curve through more places than were measured.
  private static func fit(_ file: String) throws(AdvisorError) -> ScalingFit {
    let measurements = try ScalingMeasurements(.read(file))
    let most = try ScalingFit(measurements).measured.last?.workers ?? 1
    return try ScalingFit(measurements, predictingAlso: (0...32).map { 1 + (most - 1) * Double($0) / 32 })
  }

  private static var origin: CapacityReport.Origin {
    CapacityReport.Origin(
      host: KernelName()?.node ?? "unknown host", date: Date().formatted(.iso8601),
      version: "advisor \(Version.current)",
      command: "advisor " + ShellQuoting.typed(CommandLine.arguments.dropFirst().map { Array($0.utf8) }))
  }

  /// A cost that the profile lacks is said in the report rather than keeping all of it back.
  private func advise(_ report: inout CapacityReport, _ model: CostModel) throws {
    let named = try job.map { try Job.parsed($0) }
    do throws(AdvisorError) {
      if let named { report.recommendation = RecommendationDocument(try model.recommend(named)) }
    } catch {
      report.adviceProblem = "No way of running \(named?.text ?? "") can be named: \(error.problem)."
    }
    // Without fixed costs nothing but one task after the other could be drawn.
    guard !report.profile.fixedCosts.isEmpty else { return }
    let stage = named?.stages.count == 1 ? named?.stages.first : nil
    report.strategyMap = try? model.strategyMap(of: stage ?? Stage(kind: .cpu, count: 1, size: .units(1e6)))
  }

  private func planLoad(_ report: inout CapacityReport) throws(AdvisorError) {
    let prices = try fleet.priceList()
    report.currency = prices?.currency ?? ""
    report.pricePerHour = prices?.price(of: MachineKind.here) ?? prices?.price(of: MachineKind.thisMachine)
    guard let arrivalRate, let serviceTime else { return }
    let load = try QueueLoad(arrivalRate: arrivalRate.perSecond, serviceSeconds: serviceTime.value)
    let servers = max(1, Int(report.profile.machine.usable.effectiveCPUs), load.fewestStableServers)
    report.queue = try QueuePlan(load, .exponential, servers: servers, seed: 1)
    guard let p95Response else { return }
    report.responseGoal = p95Response.value
    let here = report.profile
    let others = try fleet.machines().filter { $0.profile != here }
    let kinds = try MachineKind.all(measured: [(MachineKind.thisMachine, here)] + others, prices)
    let options = try fleet.options(of: kinds) { _ in serviceTime.value }
    report.fleet = FleetPlan(
      options, goal: try fleet.goal(arrivalRate: arrivalRate, p95Response: p95Response), currency: report.currency)
  }

  private func forecast(_ report: inout CapacityReport) throws(AdvisorError) {
    guard let loadHistory else { return }
    let loads = try LoadHistory(.read(loadHistory), series: series)
    let wanted = try capacity?.value(in: loads, option: "--capacity")
    try outlook(&report, loads)
    // What the machines bear leaves their headroom free already.
    let (capacity, headroom) =
      wanted.map { ($0, fleet.headroom?.value ?? 0) } ?? (report.outlook?.stages.first?.arrivalRate ?? 0, 0)
    let forecast = { (steps: Int) throws(AdvisorError) in
      try LoadForecast(loads, capacity: capacity, headroom: headroom, level: Self.level, horizon: steps, model: nil)
    }
    let dates = try forecast(1)
    let crossings = [dates.upperCrossing, dates.pointCrossing] + (report.outlook?.stages.map(\.upperCrossing) ?? [])
    let later = crossings.compactMap(\.self).map(\.stepsAhead).max() ?? 0
    // A little beyond the last of the dates, where that is in sight.
    report.forecast = try forecast(min(Self.farthestSteps, max(30, later + later / 10)))
    report.pastLoad = loads.points.map {
      CapacityReport.PastLoad(t: $0.time, date: loads.hasDates ? loads.text(time: $0.time) : nil, load: $0.load)
    }
  }

  /// Until when the advised machines keep the goal; why not is said in the report where there is a capacity to go by.
  private func outlook(_ report: inout CapacityReport, _ loads: LoadHistory) throws(AdvisorError) {
    guard let plan = report.fleet, let best = plan.fleets.first else { return }
    do throws(AdvisorError) {
      report.outlook = try FleetOutlook(best, goal: plan.goal, history: loads, level: Self.level)
    } catch {
      guard capacity != nil else { throw error }
      report.outlookProblem = "Until when the machines keep the goal is not known: \(error.problem)."
    }
  }

  /// Of prediction intervals.
  private static let level = 0.9
  private static let farthestSteps = 2000
}
