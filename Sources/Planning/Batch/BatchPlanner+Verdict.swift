extension BatchPlanner {
  /// What meets the deadline that this machine misses, and what is cheapest.
  func verdict(
    _ here: BatchPlan.Single, _ tried: [BatchPlan.Single], _ scaleUp: BatchPlan.Single?, _ cluster: BatchPlan.Cluster?,
    _ breakEven: BatchPlan.BreakEven?
  ) -> [BatchPlan.Finding] {
    [
      .missesDeadline(p95Seconds: here.seconds.p95), larger(scaleUp, tried),
      cluster.map {
        .cluster(machines: $0.machines, seconds: $0.seconds.p50, startSeconds: startSeconds)
      } ?? .noCluster,
      cheaper(scaleUp, cluster), breakEven.map { .keepCluster(secondsBetweenRuns: $0.secondsBetweenRuns) },
    ].compactMap(\.self)
  }

  private func larger(_ scaleUp: BatchPlan.Single?, _ tried: [BatchPlan.Single]) -> BatchPlan.Finding {
    if let scaleUp {
      return .largerMachine(
        name: scaleUp.name, cpus: scaleUp.cpus, seconds: scaleUp.seconds.p50, plan: scaleUp.plan)
    }
    return tried.last.map { .noLargerMachine(cpus: $0.cpus, p95Seconds: $0.seconds.p95) } ?? .noneTried
  }

  private func cheaper(_ scaleUp: BatchPlan.Single?, _ cluster: BatchPlan.Cluster?) -> BatchPlan.Finding? {
    guard let up = scaleUp?.cost, let out = cluster?.cost else { return nil }
    return up <= out ? .cheaperMachine(cost: up, clusterCost: out) : .cheaperCluster(cost: out, machineCost: up)
  }
}
