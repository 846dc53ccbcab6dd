import AdvisorCore
import ArgumentParser
import Calibration
import Console
import CostModel
import Documents
import Planning
import Reports

struct FleetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fleet",
    abstract: "Machines of each kind for a load, and their price.",
    usage: "advisor plan fleet --arrival-rate <rate> --p95-response <time> ...",
    discussion: """
      Machines are the profiles in a folder (--profiles), else this machine, and \
      those of a price list that says their cpus, scaled from the nearest profile. \
      Each serves as many requests at once as it has usable CPUs. Says also what \
      happens when one fails, and with --history until when the machines do. In a \
      price list, a machine is a profile's name, here, or another. Exit status 1 \
      where no number of machines meets the goal.
      """)

  @Option(help: ArgumentHelp("Request rate, such as 200/s.", valueName: "rate"), transform: Rate.init(typed:))
  var arrivalRate: Rate
  @Option(
    help: ArgumentHelp("Mean time of one request on one CPU, such as 50ms.", valueName: "time"),
    transform: Seconds.init(typed:))
  var serviceTime: Seconds?
  @Option(help: ArgumentHelp("One request as a job; its time is predicted.", valueName: "job"))
  var job: String?
  @Option(
    help: ArgumentHelp("Goal: 95 % of requests are answered within this time.", valueName: "time"),
    transform: Seconds.init(typed:))
  var p95Response: Seconds
  @Option(help: ArgumentHelp("Past requests/s: until when the machines do.", valueName: "csv")) var history: String?
  /// In `advisor report`, `--history` is another option.
  @Option(help: ArgumentHelp("The same, by its name in report.", valueName: "csv", visibility: .rare))
  var loadHistory: String?
  @Option(help: ArgumentHelp("Column of loads to read, or a name in a column.", valueName: "name"))
  var series: [String] = []
  @OptionGroup var fleet: FleetOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var output: OutputOptions

  /// Requests of which the mean is predicted.
  private static let requests = 1000

  func validate() throws {
    guard (serviceTime == nil) != (job == nil) else {
      throw ValidationError("Say what a request takes: --service-time 50ms, or --job cpu:1x50ms.")
    }
  }

  func run() throws {
    let goal = try fleet.goal(arrivalRate: arrivalRate, p95Response: p95Response)
    let request = try job.map { try Job.parsed($0) }
    let prices = try fleet.priceList()
    let kinds = try MachineKind.all(measured: machines(), prices)
    let options = try fleet.options(of: kinds) { profile throws(AdvisorError) in
      guard let request else {
        return try QueueLoad(arrivalRate: goal.arrivalRate, serviceSeconds: serviceTime?.value ?? 0).serviceSeconds
      }
      let alone = Plan(strategy: .sequential, workers: 1)
      // The mean of many: one may be larger or smaller, and the start is paid once.
      let seconds = try CostModel(profile: profile).predict(request.repeated(Self.requests), plan: alone).seconds
      return seconds.p50 / Double(Self.requests)
    }
    var plan = FleetPlan(options, goal: goal, currency: prices?.currency ?? "")
    guard let best = plan.fleets.first, best.machines != nil else {
      try output.show(plan, as: TextReport.fleet(plan))
      throw ExitCode(AdvisorError.Code.someTasksFailed.rawValue)
    }
    if let history = history ?? loadHistory {
      let loads = try LoadHistory(.read(history), series: series)
      plan.outlook = try FleetOutlook(best, goal: goal, history: loads, level: 0.9)
    }
    try output.show(plan, as: TextReport.fleet(plan))
  }

  private func machines() throws(AdvisorError) -> [(name: String, profile: MachineProfile)] {
    let saved = costs.profile == nil ? try fleet.machines() : []
    return saved.isEmpty ? [(MachineKind.thisMachine, try costs.resolve().profile)] : saved
  }
}

extension Job {
  /// The job with each stage's count multiplied.
  fileprivate func repeated(_ times: Int) -> Job {
    var job = self
    for index in job.stages.indices { job.stages[index].count *= times }
    return job
  }
}
