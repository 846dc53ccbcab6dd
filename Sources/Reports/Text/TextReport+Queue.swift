import AdvisorCore
public import Console
public import Planning

extension TextReport {
  /// A queue: the answer first, then waits and responses by percentile.
  public static func queue(_ plan: QueuePlan) -> String {
    let load = "\(Quantity.text(count: plan.arrivalRate)) requests/s of \(Quantity.text(seconds: plan.serviceTime))"
    let servers = plan.servers == 1 ? "1 server" : "\(plan.servers) servers"
    let answer =
      plan.goals.isEmpty
      ? "\(load) on \(servers)"
      : wrap("\(servers) for \(load), so that \(plan.goals.joined(separator: " and "))", lead: "")
    return """
      \(answer)
        \(busy(plan.utilisation)) busy, \(percent(plan.probabilityOfWait)) of requests wait, \
      \(Quantity.text(count: plan.meanQueueLength)) in the queue on average

      \(indent(times(plan).text))

      \(wrap("service times \(plan.serviceDistribution); \(plan.method)", lead: "  "))
      """
  }

  /// The busy share; a stable queue is never busy all the time.
  private static func busy(_ utilisation: Double) -> String {
    utilisation > 0.9995 && utilisation < 1 ? "over 99.9\u{A0}%" : percent(utilisation)
  }

  private static func times(_ plan: QueuePlan) -> Table {
    let row = { (name: String, mean: Double, times: QueuePlan.Percentiles) in
      [name] + [mean, times.p50, times.p90, times.p95, times.p99].map { $0 == 0 ? "0" : Quantity.text(seconds: $0) }
    }
    return Table(
      [
        .init(""), .init("mean", .right), .init("p50", .right), .init("p90", .right), .init("p95", .right),
        .init("p99", .right),
      ],
      rows: [
        row("wait", plan.meanWait, plan.percentiles.wait),
        row("response", plan.meanResponse, plan.percentiles.response),
      ])
  }

  /// A closed system: a fixed number of users.
  public static func closedQueue(_ plan: ClosedQueuePlan) -> String {
    """
    \(plan.users) user\(plan.users == 1 ? " who thinks" : "s who think") \(Quantity.text(seconds: plan.thinkTime)) between requests of \
    \(Quantity.text(seconds: plan.serviceTime)), on \(plan.servers) server\(plan.servers == 1 ? "" : "s")
      \(Quantity.text(count: plan.throughput)) requests/s of at most \(Quantity.text(count: plan.throughputLimit)), \
    \(percent(plan.utilisation)) busy
      answers take \(Quantity.text(seconds: plan.meanResponse)) on average
      from about \(Quantity.significant(plan.saturationUsers)) users on, the servers are the limit

      \(plan.method)
    """
  }
}
