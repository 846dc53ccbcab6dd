import AdvisorCore
import ArgumentParser
import Calibration
import CostModel
import History
import Planning
import Reports

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes the capacity planning report: HTML, Markdown, PDF or JSON, by the file's name.",
    discussion: """
      The profile alone gives the machine, its costs and its speedup; a job adds how to run it; a load, a goal and a past load
      add latency, machines and dates. Plots are drawn by gnuplot, PDF is printed by chromium, where they are installed.
      """)

  enum Format: String { case html, md, json, pdf }

  @Option(help: ArgumentHelp("Where it is written: .html, .md, .json or .pdf.", valueName: "file")) var output: String
  @Option(help: ArgumentHelp("A job string such as cpu:8x1e6.", valueName: "job")) var job: String?
  @Option(help: ArgumentHelp("Requests, such as 200/s.", valueName: "rate")) var arrivalRate: Rate?
  @Option(help: ArgumentHelp("Mean time of one request on one CPU.", valueName: "time")) var serviceTime: Seconds?
  @Option(help: ArgumentHelp("95 % of the requests are answered within this time.", valueName: "time"))
  var p95Response: Seconds?
  @Option(help: ArgumentHelp("CSV file of past loads.", valueName: "file.csv")) var loadHistory: String?
  @Option(help: ArgumentHelp("The load that can be borne.", valueName: "load")) var capacity: Double?
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var past: HistoryOptions

  private var format: Format? { output.split(separator: ".").last.flatMap { Format(rawValue: $0.lowercased()) } }

  func validate() throws {
    guard output.contains("."), format != nil else {
      throw ValidationError("--output \(output): end the name with .html, .md, .json or .pdf.")
    }
    guard (arrivalRate == nil) == (serviceTime == nil) else {
      throw ValidationError("--arrival-rate and --service-time go together.")
    }
    if p95Response != nil, arrivalRate == nil { throw ValidationError("--p95-response needs --arrival-rate.") }
    guard (loadHistory == nil) == (capacity == nil) else {
      throw ValidationError("--load-history and --capacity go together.")
    }
  }

  func run() throws {
    let report = try report()
    try AtomicFile.write(bytes(of: report), to: output)
    Terminal.note("written: \(output)")
  }

  private func bytes(of report: CapacityReport) throws -> [UInt8] {
    switch format {
    case .json: return [UInt8](try JSONDocument.data(of: report))
    case .md: return [UInt8](MarkdownReport(report.document).text.utf8)
    case .pdf: return try PagePrinter.pdf(page(report))
    default: return [UInt8](try page(report).utf8)
    }
  }

  private func page(_ report: CapacityReport) throws -> String {
    let document = report.document
    return try HTMLReport(
      document, plots: Gnuplot.draw(document.figures.map(\.plot)), attachment: JSONDocument.text(of: report)
    ).text
  }

  private func report() throws -> CapacityReport {
    let profile = try costs.resolve().profile
    let history = past.open()
    let model = try past.model(of: profile, history)
    let load = try arrivalRate.map { try QueueLoad(arrivalRate: $0.perSecond, serviceSeconds: serviceTime?.value ?? 0) }
    let servers = max(1, Int(profile.machine.usable.effectiveCPUs))
    return CapacityReport(
      profile: profile, recommendation: try job.map { try model.recommend(Job.parsed($0)) }, scaling: scaling(profile),
      queue: try load.map { try QueuePlan($0, .exponential, servers: max(servers, $0.fewestStableServers), seed: 1) },
      forecast: try forecast(), fleet: try fleet(load, servers: servers),
      runs: (try? history?.newest(200, of: profile.fingerprint)) ?? [])
  }

  /// Of the kernel measured at the most worker counts; nil when those are too few to fit.
  private func scaling(_ profile: MachineProfile) -> ScalingFit? {
    let byKernel = Dictionary(grouping: profile.variableCosts.speedups, by: \.kernel)
    let most = byKernel.max { ($0.value.count, $1.key.rawValue) < ($1.value.count, $0.key.rawValue) }?.value ?? []
    let points = most.map { ScalingData.Point(workers: Double($0.workers), throughput: $0.speedup.value) }
    return (try? ScalingData(points)).map { ScalingFit($0) }
  }

  private func forecast() throws(AdvisorError) -> LoadForecast? {
    guard let loadHistory, let capacity else { return nil }
    let loads = try LoadHistory(csv: [UInt8](JSONDocument.contents(of: loadHistory)), file: loadHistory)
    let steps = min(500, max(30, loads.points.count))
    return try LoadForecast(loads, capacity: capacity, headroom: 0, level: 0.9, horizon: steps, model: nil)
  }

  private func fleet(_ load: QueueLoad?, servers: Int) throws(AdvisorError) -> FleetPlan? {
    guard let load, let p95Response else { return nil }
    let goal = try FleetGoal(
      arrivalRate: load.arrivalRate, p95Response: p95Response.value, headroom: 0.3, redundancy: 1)
    let option = MachineOption(
      name: "this machine", servers: servers, serviceTime: load.serviceSeconds, pricePerHour: nil)
    return FleetPlan([option], goal: goal)
  }
}
