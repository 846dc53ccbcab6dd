import AdvisorCore
public import Console
public import Planning

extension TextReport {
  /// A batch plan: the verdict first, then every machine that was tried.
  public static func batch(_ plan: BatchPlan) -> String {
    let parts = [
      "\(plan.job) within \(Quantity.text(seconds: plan.deadline))", list("Verdict", plan.sentences, mark: "•"),
      indent(machines(plan).text),
      hasFront(plan) ? "  * nothing else is both faster and cheaper" : nil,
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  /// Whether there are several prices to compare.
  private static func hasFront(_ plan: BatchPlan) -> Bool {
    plan.others.contains { $0.cost != nil } || !plan.clusters.isEmpty
  }

  private static func machines(_ plan: BatchPlan) -> Table {
    let hasFront = hasFront(plan)
    let row = {
      (name: String, cpus: String, seconds: BatchPlan.Estimate, isMet: Bool, cost: Double?, isOnFront: Bool) in
      [
        name, cpus, Quantity.text(seconds: seconds.p50), Quantity.text(seconds: seconds.p95), isMet ? "yes" : "no",
        cost.map { Quantity.money($0, plan.currency) } ?? "–",
      ] + (hasFront ? [isOnFront ? "*" : ""] : [])
    }
    let singles = ([plan.here] + plan.others).map {
      row($0.name, "\($0.cpus)", $0.seconds, $0.meetsDeadline, $0.cost, $0.isOnFront)
    }
    let scaleOut = [plan.scaleOut].compactMap(\.self).filter { !plan.clusters.contains($0) }
    let clusters = (scaleOut + plan.clusters).map {
      row(
        "\($0.machines) × \($0.name)", "\($0.cpus) each", $0.seconds, $0.meetsDeadline, $0.cost,
        plan.clusters.contains($0))
    }
    return Table(
      [
        .init("machine"), .init("CPUs", .right), .init("median", .right), .init("p95", .right), .init("in time"),
        .init("a run costs", .right),
      ] + (hasFront ? [.init("*")] : []),
      rows: singles + clusters)
  }
}
