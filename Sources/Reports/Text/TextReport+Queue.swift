import AdvisorCore
public import Console
public import Planning

extension TextReport {
  /// A queue: the answer first, then waits and responses by percentile.
  public static func queue(_ plan: QueuePlan) -> String {
    let load = "\(Quantity.text(count: plan.arrivalRate)) requests/s of \(Quantity.text(seconds: plan.serviceTime))"
    let servers = plan.servers == 1 ? "1 server" : "\(plan.servers) servers"
    return """
      \(answer(load, servers, plan.outcomes))
        \(busy(plan.utilisation)) busy, \(percent(plan.probabilityOfWait)) of requests wait, \
      \(Quantity.text(count: plan.meanQueueLength)) in the queue on average

      \(indent(times(plan.percentiles, meanWait: plan.meanWait, meanResponse: plan.meanResponse).text))

      \(wrap("service times \(plan.serviceDistribution); \(plan.method)", lead: "  "))
      """
  }

  /// The busy share; a stable queue is never busy all the time.
  private static func busy(_ utilisation: Double) -> String {
    utilisation > 0.9995 && utilisation < 1 ? "over 99.9\u{A0}%" : percent(utilisation)
  }

  /// The load and its servers; with goals, what they were chosen for and what they reach.
  private static func answer(_ load: String, _ servers: String, _ outcomes: [QueueOutcome]) -> String {
    guard !outcomes.isEmpty else { return "\(load) on \(servers)" }
    let goals = outcomes.map(Sentences().text).joined(separator: " and ")
    return wrap("\(servers) for \(load), so that \(goals)", lead: "")
  }

  private static func times(_ times: QueuePlan.Times, meanWait: Double, meanResponse: Double) -> Table {
    let asked = times.response.asked.map { ["p\(Quantity.decimal($0.share * 100, places: 3))"] } ?? []
    let row = { (name: String, mean: Double, times: QueuePlan.Percentiles) in
      [name]
        + ([mean, times.p50, times.p90, times.p95, times.p99] + (times.asked.map { [$0.seconds] } ?? [])).map {
          $0 == 0 ? "0" : Quantity.text(seconds: $0)
        }
    }
    return Table(
      [.init("")] + (["mean", "p50", "p90", "p95", "p99"] + asked).map { .init($0, .right) },
      rows: [row("wait", meanWait, times.wait), row("response", meanResponse, times.response)])
  }

  /// A closed system: a fixed number of users.
  public static func closedQueue(_ plan: ClosedQueuePlan) -> String {
    let load =
      "\(plan.users) user\(plan.users == 1 ? " who thinks" : "s who think") \(Quantity.text(seconds: plan.thinkTime)) between "
      + "requests of \(Quantity.text(seconds: plan.serviceTime))"
    let table = times(plan.percentiles, meanWait: plan.meanWait, meanResponse: plan.meanResponse)
    return """
      \(answer(load, count(plan.servers, "server"), plan.outcomes))
        \(Quantity.text(count: plan.throughput)) requests/s of at most \(Quantity.text(count: plan.throughputLimit)), \
      \(percent(plan.utilisation)) busy, \(percent(plan.probabilityOfWait)) of requests wait
        from about \(Quantity.significant(plan.saturationUsers)) users on, the servers are the limit

      \(indent(table.text))

        \(plan.method)
      """
  }

  /// A queue that loses requests.
  public static func lossQueue(_ plan: LossPlan) -> String {
    let load = "\(Quantity.text(count: plan.arrivalRate)) requests/s of \(Quantity.text(seconds: plan.serviceTime))"
    let whoWaits =
      plan.patience == 0
      ? "requests that find no free server are turned away"
      : "requests give up after \(Quantity.text(seconds: plan.patience)) on average"
    return """
      \(answer(load, count(plan.servers, "server"), plan.outcomes))
        \(percent(plan.lostShare)) of requests are lost, \(busy(plan.utilisation)) busy
        \(percent(plan.probabilityOfWait)) find all servers busy, the mean wait is \
      \(plan.meanWait == 0 ? "0" : Quantity.text(seconds: plan.meanWait))

        \(whoWaits); \(plan.method)
      """
  }
}
