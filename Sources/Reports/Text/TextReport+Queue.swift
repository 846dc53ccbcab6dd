import AdvisorCore
public import Console
public import Planning

extension TextReport {
  /// A queue: the answer first, then waits and responses by percentile.
  public static func queue(_ plan: QueuePlan) -> String {
    """
    \(answer(load(plan.arrivalRate, plan.serviceTime), count(plan.servers, "server"), plan.outcomes))
      \(percent(plan.utilisation)) busy, \(percent(plan.probabilityOfWait)) of requests wait, \
    \(length(plan.meanQueueLength)) in the queue on average

    \(indent(times(plan.percentiles, meanWait: plan.meanWait, meanResponse: plan.meanResponse).text))

    \(wrap("service times \(plan.serviceDistribution); \(plan.method)", lead: "  "))
    """
  }

  /// `120 requests/s of 50 ms`.
  private static func load(_ arrivalRate: Double, _ serviceTime: Double) -> String {
    "\(count(arrivalRate, "request"))/s of \(Quantity.text(seconds: serviceTime))"
  }

  static func length(_ requests: Double) -> String { Quantity.text(requests, least: 1e-3, as: Quantity.text(count:)) }

  /// No shorter than a clock can tell.
  private static func wait(_ seconds: Double) -> String {
    Quantity.text(seconds, least: 1e-9, as: Quantity.text(seconds:))
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
        + ([mean, times.p50, times.p90, times.p95, times.p99] + (times.asked.map { [$0.seconds] } ?? [])).map(wait)
    }
    return Table(
      [.init("")] + (["mean", "p50", "p90", "p95", "p99"] + asked).map { .init($0, .right) },
      rows: [row("wait", meanWait, times.wait), row("response", meanResponse, times.response)])
  }

  /// A closed system: a fixed number of users.
  public static func closedQueue(_ plan: ClosedQueuePlan) -> String {
    let load =
      "\(count(plan.users, "user who thinks", "users who think")) \(Quantity.text(seconds: plan.thinkTime)) between "
      + "requests of \(Quantity.text(seconds: plan.serviceTime))"
    let table = times(plan.percentiles, meanWait: plan.meanWait, meanResponse: plan.meanResponse)
    return """
      \(answer(load, count(plan.servers, "server"), plan.outcomes))
        \(Quantity.text(count: plan.throughput)) requests/s of at most \(Quantity.text(count: plan.throughputLimit)), \
      \(percent(plan.utilisation)) busy, \(percent(plan.probabilityOfWait)) of requests wait
        from about \(count(plan.saturationUsers, "user")) on, the servers are the limit

      \(indent(table.text))

        \(plan.method)
      """
  }

  /// A queue that loses requests.
  public static func lossQueue(_ plan: LossPlan) -> String {
    let whoWaits =
      plan.patience == 0
      ? "requests that find no free server are turned away"
      : "requests give up after \(Quantity.text(seconds: plan.patience)) on average"
    return """
      \(answer(load(plan.arrivalRate, plan.serviceTime), count(plan.servers, "server"), plan.outcomes))
        \(percent(plan.lostShare)) of requests are lost, \(percent(plan.utilisation)) busy
        \(percent(plan.probabilityOfWait)) find all servers busy, the mean wait is \
      \(wait(plan.meanWait))

        \(whoWaits); \(plan.method)
      """
  }
}
