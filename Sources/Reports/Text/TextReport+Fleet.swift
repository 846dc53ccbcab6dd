import AdvisorCore
public import Console
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
      "Machines if load or task times change\n\(indent(sensitivityTable(plan, rows: rows).text))",
      list(
        "Impossible",
        plan.fleets.compactMap { fleet in fleet.problem.map { "\(fleet.option.name): \(Sentences().text($0))" } },
        mark: "!"
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

  /// Numbers of machines, and when the load exceeds them.
  static func outlookTable(_ outlook: FleetOutlook) -> Table {
    let when = { (crossing: LoadForecast.Crossing?) in
      crossing.map(\.text) ?? "not in sight"
    }
    return Table(
      [
        .init("machines", .right), .init("requests/s, \(outlook.redundancy) failed", .right), .init("trend reaches it"),
        .init("upper end"),
      ],
      rows: outlook.stages.map { stage in
        [
          "\(stage.machines)", Quantity.text(count: stage.arrivalRate), when(stage.pointCrossing),
          when(stage.upperCrossing),
        ]
      })
  }

  /// Machines of each kind when the load or the task times are a fifth off.
  static func sensitivityTable(_ plan: FleetPlan, rows: Int) -> Table {
    let text = { (machines: Int?) in machines.map(String.init) ?? "no number" }
    return Table(
      [
        .init("machine"), .init("load −20 %", .right), .init("+20 %", .right), .init("task time −20 %", .right),
        .init("+20 %", .right),
      ],
      rows: plan.fleets.prefix(rows).compactMap { fleet in
        fleet.sensitivity.map { sensitivity in
          [
            String(fleet.option.name.prefix(24)), text(sensitivity.lessLoad), text(sensitivity.moreLoad),
            text(sensitivity.fasterService), text(sensitivity.slowerService),
          ]
        }
      })
  }
}
