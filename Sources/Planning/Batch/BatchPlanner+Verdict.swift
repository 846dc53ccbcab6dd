private import AdvisorCore

extension BatchPlanner {
  /// The plan in plain words.
  func verdict(
    _ here: BatchPlan.Single, _ tried: [BatchPlan.Single], _ scaleUp: BatchPlan.Single?, _ cluster: BatchPlan.Cluster?,
    _ breakEven: BatchPlan.BreakEven?
  ) -> [String] {
    var sentences = [
      "This machine misses the deadline: 95 of 100 runs end within \(Quantity.text(seconds: here.seconds.p95))."
    ]
    sentences.append(up(scaleUp, tried))
    if let cluster {
      sentences.append(
        "\(cluster.machines) machines like this one meet it in \(Quantity.text(seconds: cluster.seconds.p50))"
          + (startSeconds > 0
            ? ", of which \(Quantity.text(seconds: startSeconds)) start the cluster."
            : ", if they are up already; --cluster-start TIME counts starting them."))
    } else {
      sentences.append("No number of machines like this one meets it: starting them or a single task takes too long.")
    }
    if let cheaper = cheaper(scaleUp, cluster) { sentences.append(cheaper) }
    if let breakEven {
      sentences.append(
        "Keep the cluster up where a run starts at least every \(Quantity.text(seconds: breakEven.secondsBetweenRuns)); "
          + "with longer gaps, starting it each time costs less.")
    }
    return sentences
  }

  private func up(_ scaleUp: BatchPlan.Single?, _ tried: [BatchPlan.Single]) -> String {
    if let scaleUp {
      return "\(scaleUp.name) with \(scaleUp.cpus) CPUs meets it in \(Quantity.text(seconds: scaleUp.seconds.p50)) "
        + "with \(scaleUp.plan)."
    }
    guard let largest = tried.last else { return "No larger machine was tried." }
    return "No larger machine does either: with \(largest.cpus) CPUs it still takes "
      + "\(Quantity.text(seconds: largest.seconds.p95))."
  }

  private func cheaper(_ scaleUp: BatchPlan.Single?, _ cluster: BatchPlan.Cluster?) -> String? {
    guard let up = scaleUp?.cost, let out = cluster?.cost else { return nil }
    let (name, less, more) = up <= out ? ("One larger machine costs", up, out) : ("Several machines cost", out, up)
    return "\(name) less: \(Quantity.significant(less)) a run instead of \(Quantity.significant(more))."
  }
}
