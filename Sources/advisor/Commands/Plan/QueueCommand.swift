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
      A goal instead of it: the fewest servers for that goal.
      --users: users who think, ask, and wait for the answer before they ask again.
      --patience: requests that wait longer give up; 0 for those that never wait.

      Service times: deterministic, exponential, erlang:PHASES, lognormal:SCV, \
      hyperexponential:SCV, pareto:ALPHA. SCV is variance over squared mean; \
      --service-deviation gives the standard deviation instead.

        advisor plan queue --users 40 --service-time 50ms --p 99 --response 300ms
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
      "Distribution of service times (default: exponential).", valueName: "form"))
  var serviceDistribution: String?
  @Option(
    help: ArgumentHelp("Standard deviation of service times (lognormal).", valueName: "time"),
    transform: Seconds.init(typed:))
  var serviceDeviation: Seconds?
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
  @Option(
    help: ArgumentHelp("Goal: --p of the requests are answered within this time.", valueName: "time"),
    transform: Seconds.init(typed:))
  var response: Seconds?
  @Option(help: ArgumentHelp("Percentage for --response, and to show (default: 95).", valueName: "percent"))
  var p: Double?
  @Option(help: ArgumentHelp("Goal: each server is busy at most this share.", valueName: "share"))
  var maxUtilisation: Share?
  @Option(
    help: ArgumentHelp("Mean time until a waiting request gives up; 0: at once.", valueName: "time"),
    transform: Seconds.init(typed:))
  var patience: Seconds?
  @Option(help: ArgumentHelp("Goal with --patience: at most this share is lost.", valueName: "share"))
  var maxLost: Share?
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
    if let p, !(p > 0 && p < 100) {
      throw ValidationError("--p \(p): give a percentage between 0 and 100, such as 99.")
    }
    if serviceDeviation != nil, serviceDistribution != nil {
      throw ValidationError("Say either --service-deviation or --service-distribution: one of them gives the spread.")
    }
    guard (servers != nil) != hasGoal else {
      throw ValidationError(
        "Say either --servers, or a goal: --response, --max-wait-probability, --max-utilisation, or --max-lost with --patience."
      )
    }
    try validateParts()
  }

  private var hasGoal: Bool { !goals.isEmpty || maxLost != nil }

  /// What does not go together.
  private func validateParts() throws {
    if users != nil, serviceDistribution ?? "exponential" != "exponential" || serviceDeviation != nil {
      throw ValidationError("--users is for exponential service times.")
    }
    guard patience != nil else {
      if maxLost != nil { throw ValidationError("--max-lost needs --patience: how long does a request wait?") }
      return
    }
    if users != nil { throw ValidationError("--patience goes with --arrival-rate.") }
    if !goals.isEmpty { throw ValidationError("With --patience the goal is --max-lost.") }
    if serviceDistribution != nil || serviceDeviation != nil {
      throw ValidationError("--patience is for exponential service times.")
    }
  }

  func run() throws {
    if let users { return try runClosed(users) }
    let load = try QueueLoad(arrivalRate: arrivalRate?.perSecond ?? 0, serviceSeconds: serviceTime.value)
    if let patience { return try runLosing(load, patience.value) }
    let service = try service()
    let plan = try QueuePlan(
      load, service, servers: servers ?? fewestServers(load, service), seed: seed, goals: goals, percentile: share)
    try output.show(plan, as: TextReport.queue(plan))
  }

  private func runClosed(_ users: Int) throws {
    let think = thinkTime?.value ?? 0
    var fewest = servers ?? 1
    for goal in goals {
      fewest = max(
        fewest,
        try Staffing.fewestServers(
          users: users, thinkSeconds: think, serviceSeconds: serviceTime.value, goal: goal))
    }
    let plan = try ClosedQueuePlan(
      users: users, thinkSeconds: think, serviceSeconds: serviceTime.value, servers: fewest, goals: goals,
      percentile: share)
    try output.show(plan, as: TextReport.closedQueue(plan))
  }

  private func runLosing(_ load: QueueLoad, _ patience: Double) throws {
    let plan =
      try servers.map { try LossPlan(load, servers: $0, patience: patience) }
      ?? LossPlan.fewestServers(load, patience: patience, lostAtMost: maxLost?.value ?? 0)
    try output.show(plan, as: TextReport.lossQueue(plan))
  }

  /// The percentile that was asked for.
  private var share: Double? { p.map { $0 / 100 } }

  private var goals: [QueueGoal] {
    [
      maxWaitProbability.map { .wait(share: $0.value, longerThan: maxWait?.value ?? 0) },
      p95Response.map { .response(share: 0.95, within: $0.value) },
      response.map { .response(share: share ?? 0.95, within: $0.value) },
      maxUtilisation.map { .occupancy(atMost: $0.value) },
    ].compactMap(\.self)
  }

  private func service() throws(AdvisorError) -> ServiceDistribution {
    guard let serviceDeviation else { return try ServiceDistribution(serviceDistribution ?? "exponential") }
    return try ServiceDistribution(mean: serviceTime.value, deviation: serviceDeviation.value)
  }

  private func fewestServers(_ load: QueueLoad, _ service: ServiceDistribution) throws(AdvisorError) -> Int {
    var most = 1
    for goal in goals { most = max(most, try Staffing.fewestServers(load, service, goal: goal, seed: seed)) }
    return most
  }
}
