import AdvisorCore
import ArgumentParser
import Console
import Planning
import Reports

struct QueueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue",
    abstract: "How long requests wait, or how many servers it takes that they do not.",
    discussion: """
      With --servers: utilisation, waits and response times of so many servers (workers, connections, machines).
      With --max-wait-probability (and --max-wait) or --p95-response instead: the fewest servers that keep the promise.
      With --users: a fixed number of users who think, ask, and wait for the answer before they ask again.
      """)

  @Option(
    help: ArgumentHelp("Requests, such as 200/s or 100/30min.", valueName: "rate"), transform: Rate.init(typed:))
  var arrivalRate: Rate?
  @Option(
    help: ArgumentHelp("Mean time of one request on one server, such as 50ms.", valueName: "time"),
    transform: Seconds.init(typed:))
  var serviceTime: Seconds
  @Option(
    help: ArgumentHelp(
      "How service times spread: deterministic, exponential, erlang:PHASES, lognormal:SCV, hyperexponential:SCV, "
        + "pareto:ALPHA. SCV is variance over squared mean.", valueName: "form"))
  var serviceDistribution = "exponential"
  @Option(help: ArgumentHelp("Requests that can be served at once.", valueName: "n")) var servers: Int?
  @Option(help: ArgumentHelp("At most this share may wait longer than --max-wait.", valueName: "share"))
  var maxWaitProbability: Share?
  @Option(
    help: ArgumentHelp("The wait that counts for --max-wait-probability; 0 by default.", valueName: "time"),
    transform: Seconds.init(typed:))
  var maxWait: Seconds?
  @Option(
    help: ArgumentHelp("95 % of the requests are answered within this time.", valueName: "time"),
    transform: Seconds.init(typed:))
  var p95Response: Seconds?
  @Option(help: ArgumentHelp("Users of a closed system, instead of an arrival rate.", valueName: "n")) var users: Int?
  @Option(
    help: ArgumentHelp("Mean time between an answer and the next request.", valueName: "time"),
    transform: Seconds.init(typed:))
  var thinkTime: Seconds?
  @Option(help: ArgumentHelp("Of the simulation, where no formula is good enough.", valueName: "n"))
  var seed: UInt64 = 1
  @OptionGroup var form: OutputOptions

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
      return try form.show(plan, as: TextReport.closedQueue(plan))
    }
    let load = try QueueLoad(arrivalRate: arrivalRate?.perSecond ?? 0, serviceSeconds: serviceTime.value)
    let service = try ServiceDistribution(serviceDistribution)
    var plan = try QueuePlan(load, service, servers: servers ?? fewestServers(load, service), seed: seed)
    plan.goals = goals.map(\.description)
    try form.show(plan, as: TextReport.queue(plan))
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
