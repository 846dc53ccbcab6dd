import AdvisorCore
import ArgumentParser
import Console
import Planning
import Reports

struct QueueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue",
    abstract: "Waits of requests, or how many servers keep them short.",
    usage: "advisor plan queue --service-time <time> [<options>]",
    discussion: """
      --servers: utilisation, waits and response times of that many servers.
      --max-wait-probability or --p95-response: the fewest servers for that goal.
      --users: users who think, ask, and wait for the answer before they ask again.

      Service times: deterministic, exponential, erlang:PHASES, lognormal:SCV,
      hyperexponential:SCV, pareto:ALPHA. SCV is variance over squared mean.
      """)

  @Option(
    help: ArgumentHelp("Request rate, such as 200/s or 100/30min.", valueName: "rate"), transform: Rate.init(typed:))
  var arrivalRate: Rate?
  @Option(
    help: ArgumentHelp("Mean time of one request on one server: 50ms.", valueName: "time"),
    transform: Seconds.init(typed:))
  var serviceTime: Seconds
  @Option(
    help: ArgumentHelp(
      "Distribution of service times.", valueName: "form"))
  var serviceDistribution = "exponential"
  @Option(help: ArgumentHelp("Number of servers: requests served at once.", valueName: "n")) var servers: Int?
  @Option(help: ArgumentHelp("Goal: at most this share waits longer than --max-wait.", valueName: "share"))
  var maxWaitProbability: Share?
  @Option(
    help: ArgumentHelp("Wait that counts (default: 0).", valueName: "time"),
    transform: Seconds.init(typed:))
  var maxWait: Seconds?
  @Option(
    help: ArgumentHelp("Goal: 95 % of requests are answered within this time.", valueName: "time"),
    transform: Seconds.init(typed:))
  var p95Response: Seconds?
  @Option(help: ArgumentHelp("Number of users, instead of an arrival rate.", valueName: "n")) var users: Int?
  @Option(
    help: ArgumentHelp("Mean time from an answer to the next request.", valueName: "time"),
    transform: Seconds.init(typed:))
  var thinkTime: Seconds?
  @Option(help: ArgumentHelp("Seed of the simulation.", valueName: "n"))
  var seed: UInt64 = 1
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (arrivalRate == nil) != (users == nil) else {
      throw ValidationError("Say either --arrival-rate, such as 200/s, or --users, such as 50.")
    }
    if maxWait != nil, maxWaitProbability == nil {
      throw ValidationError("--max-wait needs --max-wait-probability, such as 5%: how many may wait longer?")
    }
    if users == nil, thinkTime != nil { throw ValidationError("--think-time goes with --users.") }
    let isGoal = maxWaitProbability != nil || p95Response != nil
    guard (servers != nil) != isGoal else {
      throw ValidationError("Say either --servers, or a goal: --max-wait-probability or --p95-response.")
    }
    if users != nil, isGoal { throw ValidationError("--users needs --servers: goals are for open systems.") }
  }

  func run() throws {
    if let users, let servers {
      let plan = try ClosedQueuePlan(
        users: users, thinkSeconds: thinkTime?.value ?? 0, serviceSeconds: serviceTime.value, servers: servers)
      return try output.show(plan, as: TextReport.closedQueue(plan))
    }
    let load = try QueueLoad(arrivalRate: arrivalRate?.perSecond ?? 0, serviceSeconds: serviceTime.value)
    let service = try ServiceDistribution(serviceDistribution)
    var plan = try QueuePlan(load, service, servers: servers ?? fewestServers(load, service), seed: seed)
    plan.goals = goals.map(\.description)
    try output.show(plan, as: TextReport.queue(plan))
  }

  private var goals: [QueueGoal] {
    [
      maxWaitProbability.map { .wait(share: $0.value, longerThan: maxWait?.value ?? 0) },
      p95Response.map { .response(share: 0.95, within: $0.value) },
    ].compactMap(\.self)
  }

  private func fewestServers(_ load: QueueLoad, _ service: ServiceDistribution) throws(AdvisorError) -> Int {
    var most = 1
    for goal in goals { most = max(most, try Staffing.fewestServers(load, service, goal: goal, seed: seed)) }
    return most
  }
}
