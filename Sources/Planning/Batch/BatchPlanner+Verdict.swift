extension BatchPlanner {
  /// Whether this machine meets the deadline, what else does, and what is cheapest.
  func verdict(_ plan: BatchPlan) -> [BatchPlan.Finding] {
    let here: [BatchPlan.Finding?] =
      plan.here.meetsDeadline
      ? [.meetsDeadline(plan: plan.here.plan), cheapest(plan)]
      : [
        .missesDeadline(p95Seconds: plan.here.seconds.p95), cheapest(plan) ?? other(plan), cluster(plan), cheaper(plan),
      ]
    let scaled = plan.others.contains { $0.doublings > 0 }
    return
      (here + [
        plan.breakEven.map { .keepCluster(secondsBetweenRuns: $0.secondsBetweenRuns) },
        scaled ? .scaled(errorPerDoubling: BatchPlan.Estimate.errorPerDoubling) : nil,
      ]).compactMap(\.self)
  }

  /// Of all machines with a price; nil where there is no other to compare with, or none of them meets the deadline.
  private func cheapest(_ plan: BatchPlan) -> BatchPlan.Finding? {
    guard plan.others.contains(where: { $0.cost != nil }) else { return nil }
    let singles = ([plan.here] + plan.others).filter { $0.meetsDeadline && $0.cost != nil }.map {
      (machines: 1, name: $0.name, cost: $0.cost ?? 0, seconds: $0.seconds.p95, plan: $0.plan, cpus: $0.cpus)
    }
    let clusters = plan.clusters.filter(\.meetsDeadline).map {
      (machines: $0.machines, name: $0.name, cost: $0.cost ?? 0, seconds: $0.seconds.p95, plan: $0.plan, cpus: $0.cpus)
    }
    return (singles + clusters).min { ($0.cost, $0.machines, $0.cpus) < ($1.cost, $1.machines, $1.cpus) }.map {
      .cheapest(machines: $0.machines, name: $0.name, cost: $0.cost, p95Seconds: $0.seconds, plan: $0.plan)
    }
  }

  private func other(_ plan: BatchPlan) -> BatchPlan.Finding {
    if let scaleUp = plan.scaleUp {
      return .largerMachine(
        name: scaleUp.name, cpus: scaleUp.cpus, seconds: scaleUp.seconds.p50, plan: scaleUp.plan)
    }
    let largest = plan.others.max { $0.cpus < $1.cpus }
    return largest.map { .noLargerMachine(cpus: $0.cpus, p95Seconds: $0.seconds.p95) } ?? .noneTried
  }

  private func cluster(_ plan: BatchPlan) -> BatchPlan.Finding {
    plan.scaleOut.map { .cluster(machines: $0.machines, seconds: $0.seconds.p50, startSeconds: startSeconds) }
      ?? .noCluster
  }

  private func cheaper(_ plan: BatchPlan) -> BatchPlan.Finding? {
    guard let up = plan.scaleUp?.cost, let out = plan.scaleOut?.cost else { return nil }
    return up <= out ? .cheaperMachine(cost: up, clusterCost: out) : .cheaperCluster(cost: out, machineCost: up)
  }
}
