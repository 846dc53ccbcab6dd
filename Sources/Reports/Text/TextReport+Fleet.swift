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
      wrap(load, lead: ""), list("Verdict", plan.sentences, mark: "•"),
      indent(fleetTable(plan, currency: plan.currency, rows: rows).text),
      hasFront(plan) ? "  * no other is both faster and cheaper" : nil,
      hidden > 0 ? "  … and \(hidden) more (--json lists all)" : nil,
      plan.outlook.map { outlook in
        let price = plan.fleets.first?.option.pricePerHour
        return "Until when\n\(indent(outlookTable(outlook, price: price, currency: plan.currency).text))"
      },
      plan.fleets.allSatisfy { $0.sensitivity == nil }
        ? nil : "Machines if load or task times change\n\(indent(sensitivityTable(plan, rows: rows).text))",
      wrap(plan.method, lead: "  "),
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  /// Of a year of 365 days.
  static let hoursAMonth = 730.0

  /// Whether there are several prices to compare.
  private static func hasFront(_ plan: FleetPlan) -> Bool { plan.fleets.count { $0.pricePerHour != nil } > 1 }

  static func fleetTable(_ plan: FleetPlan, currency: String, rows: Int) -> Table {
    let hasFront = hasFront(plan)
    return Table(
      [
        .init("machine"), .init("machines", .right), .init("busy", .right), .init("p95", .right),
        .init("one fails: p95", .right), .init("per hour", .right),
      ] + (hasFront ? [.init("*")] : []),
      rows: plan.fleets.prefix(rows).map { fleet in
        [
          String(fleet.option.name.prefix(24)), fleet.machines.map(String.init) ?? "none",
          fleet.whole.map { percent($0.utilisation) } ?? "–", p95(fleet.whole), p95(fleet.afterOneFailure),
          fleet.pricePerHour.map { Quantity.money($0, currency) } ?? "–",
        ] + (hasFront ? [fleet.isOnFront ? "*" : ""] : [])
      })
  }

  private static func p95(_ state: FleetPlan.State?) -> String {
    guard let state else { return "–" }
    return state.p95Response.map { Quantity.text(seconds: $0) } ?? "overloaded"
  }

  /// Numbers of machines, and when the load exceeds them.
  ///
  /// - Parameter price: of a machine an hour; nil where it is not known.
  static func outlookTable(_ outlook: FleetOutlook, price: Double?, currency: String) -> Table {
    let when = { (crossing: LoadForecast.Crossing?) in
      crossing.map(\.text) ?? "not in sight"
    }
    return Table(
      [
        .init("machines", .right), .init("requests/s, \(outlook.redundancy) failed", .right),
        .init("keep the goal until"), .init("by the trend"), .init("per month", .right),
      ],
      rows: outlook.stages.map { stage in
        [
          "\(stage.machines)", Quantity.text(count: stage.arrivalRate), when(stage.upperCrossing),
          when(stage.pointCrossing),
          price.map { Quantity.money($0 * Double(stage.machines) * hoursAMonth, currency) } ?? "–",
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
