import AdvisorCore
public import Console
public import Planning

extension TextReport {
  /// A batch plan: the verdict first, then every machine that was tried.
  public static func batch(_ plan: BatchPlan) -> String {
    let parts = [
      "\(plan.job) within \(Quantity.text(seconds: plan.deadline))", list("Verdict", plan.sentences, mark: "•"),
      indent(machines(plan).text),
      plan.others.contains { $0.cost != nil } ? "  * no other machine is both faster and cheaper" : nil,
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  private static func machines(_ plan: BatchPlan) -> Table {
    let hasFront = plan.others.contains { $0.cost != nil }
    let money = { (cost: Double?) in cost.map { Quantity.money($0, plan.currency) } ?? "–" }
    let singles = ([plan.here] + plan.others).map { machine in
      [
        machine.name, "\(machine.cpus)", Quantity.text(seconds: machine.seconds.p50),
        Quantity.text(seconds: machine.seconds.p95), machine.meetsDeadline ? "yes" : "no", money(machine.cost),
      ] + (hasFront ? [machine.isOnFront ? "*" : ""] : [])
    }
    let cluster = plan.scaleOut.map { cluster in
      [
        "\(cluster.machines) machines like this", "\(plan.here.cpus) each", Quantity.text(seconds: cluster.seconds.p50),
        Quantity.text(seconds: cluster.seconds.p95), "yes", money(cluster.cost),
      ]
    }
    return Table(
      [
        .init("machine"), .init("CPUs", .right), .init("median", .right), .init("p95", .right), .init("in time"),
        .init("a run costs", .right),
      ] + (hasFront ? [.init("*")] : []),
      rows: singles + [cluster].compactMap(\.self))
  }
}
