import AdvisorCore
public import Planning

extension TextReport {
  /// Fleets, the best first: how many machines, and how they fare when one fails.
  public static func fleet(_ plan: FleetPlan, rows: Int = 12) -> String {
    let goal = plan.goal
    let load = """
      \(Quantity.text(count: goal.arrivalRate)) requests/s, 95 % answered within \
      \(Quantity.text(seconds: goal.p95Response)), \(percent(goal.headroom)) headroom, N+\(goal.redundancy)
      """
    let hidden = plan.fleets.count - rows
    let parts = [
      wrap(load, lead: ""), indent(fleetTable(plan, rows: rows).text),
      hidden > 0 ? "  … and \(hidden) more (--json lists all)" : nil,
      plan.fleets.first.flatMap(sensitivity),
      list(
        "Impossible", plan.fleets.compactMap { fleet in fleet.problem.map { "\(fleet.option.name): \($0)" } }, mark: "!"
      ),
      wrap(plan.method, lead: "  "),
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  static func fleetTable(_ plan: FleetPlan, rows: Int) -> Table {
    Table(
      [
        .init("machine"), .init("number", .right), .init("busy", .right), .init("p95", .right),
        .init("one fails: p95", .right), .init("per hour", .right),
      ],
      rows: plan.fleets.prefix(rows).map { fleet in
        [
          String(fleet.option.name.prefix(24)), fleet.machines.map(String.init) ?? "–",
          fleet.whole.map { percent($0.utilisation) } ?? "–", p95(fleet.whole), p95(fleet.afterOneFailure),
          fleet.pricePerHour.map(Quantity.significant) ?? "–",
        ]
      })
  }

  private static func p95(_ state: FleetPlan.State?) -> String {
    guard let state else { return "–" }
    return state.p95Response.map { Quantity.text(seconds: $0) } ?? "overloaded"
  }

  private static func sensitivity(_ fleet: FleetPlan.Fleet) -> String? {
    guard let sensitivity = fleet.sensitivity else { return nil }
    let text = { (machines: Int?) in machines.map(String.init) ?? "no number" }
    return wrap(
      "\(fleet.option.name): \(text(sensitivity.moreLoad)) machines for a fifth more load, "
        + "\(text(sensitivity.lessLoad)) for a fifth less; \(text(sensitivity.slowerService)) if requests take a fifth "
        + "longer, \(text(sensitivity.fasterService)) if a fifth less.", lead: "  ")
  }
}
