import AdvisorCore
import ArgumentParser
import Calibration
import Console
import CostModel
import Planning
import Reports

struct FleetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fleet",
    abstract: "Machines of each kind for a load, and their price.",
    usage: "advisor plan fleet --arrival-rate <rate> --p95-response <time> ...",
    discussion: """
      Machines are the profiles in a folder (--profiles), else this machine. Each
      serves as many requests at once as it has usable CPUs. Says also what happens
      when one fails. In a price list, the machine is a profile's name, or here.
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
    let options = try fleet.options(of: machines()) { profile throws(AdvisorError) in
      guard let request else { return serviceTime?.value ?? 0 }
      let alone = Plan(strategy: .sequential, workers: 1)
      // The mean of many: one may be larger or smaller, and the start is paid once.
      let seconds = try CostModel(profile: profile).predict(request.repeated(Self.requests), plan: alone).seconds
      return seconds.p50 / Double(Self.requests)
    }
    let plan = FleetPlan(options, goal: goal)
    guard plan.fleets.contains(where: { $0.machines != nil }) else {
      let problems = plan.fleets.map { "\($0.option.name): \($0.problem.map(Sentences().text) ?? "")" }.joined(
        separator: "; ")
      throw AdvisorError(
        .badData, "no number of machines keeps the goal: \(problems)",
        advice: "allow more time with --p95-response, or name faster machines with --profiles")
    }
    try output.show(plan, as: TextReport.fleet(plan))
  }

  private func machines() throws(AdvisorError) -> [(name: String, profile: MachineProfile)] {
    let saved = costs.profile == nil ? try fleet.machines() : []
    return saved.isEmpty ? [(FleetOptions.thisMachine, try costs.resolve().profile)] : saved
  }
}

extension Job {
  /// The same so many times over.
  fileprivate func repeated(_ times: Int) -> Job {
    var job = self
    for index in job.stages.indices { job.stages[index].count *= times }
    return job
  }
}
