public import Planning
import AdvisorCore

/// Whether a deadline is met, and what would meet it.
extension Sentences {
  func text(_ finding: BatchPlan.Finding) -> String {
    switch finding {
    case .meetsDeadline(let plan): "This machine meets the deadline with \(plan)."
    case .missesDeadline(let p95):
      "This machine misses the deadline: 95 of 100 runs end within \(time(p95))."
    case .largerMachine(let name, let cpus, let seconds, let plan):
      "\(name) with \(count(cpus, "CPU")) meets it in \(time(seconds)) with \(plan)."
    case .noLargerMachine(let cpus, let p95):
      "No larger machine does either: with \(count(cpus, "CPU")) it still takes \(time(p95))."
    case .noneTried: "No larger machine was tried."
    case .cluster(let machines, let seconds, 0):
      "\(machines) machines like this one meet it in \(time(seconds)), if they are up already; --cluster-start TIME counts "
        + "starting them."
    case .cluster(let machines, let seconds, let start):
      "\(machines) machines like this one meet it in \(time(seconds)), of which \(time(start)) start the cluster."
    case .noCluster:
      "No number of machines like this one meets it: starting them or a single task takes too long."
    case .cheaperMachine(let cost, let clusterCost): "One larger machine costs less: \(costs(cost, clusterCost))."
    case .cheaperCluster(let cost, let machineCost): "Several machines cost less: \(costs(cost, machineCost))."
    case .keepCluster(let seconds):
      "Keep the cluster up where a run starts at least every \(time(seconds)); with longer gaps, starting it each time "
        + "costs less."
    }
  }

  private func costs(_ less: Double, _ more: Double) -> String {
    "\(Quantity.significant(less)) a run instead of \(Quantity.significant(more))"
  }

  public func text(_ problem: FleetPlan.Problem) -> String {
    switch problem {
    case .serviceTooLong(let seconds):
      "the service alone takes \(time(seconds)) for 95 % of the requests, however many machines"
    case .tooManyMachines(let limit): "more than \(Quantity.text(count: Double(limit))) machines would be needed"
    }
  }
}

extension FleetOutlook {
  /// Until when each number of machines keeps the goal; the advised one first.
  var sentences: [String] { stages.indices.map(sentence) }

  private func sentence(_ index: Int) -> String {
    let stage = stages[index]
    let failed = redundancy == 0 ? "" : redundancy == 1 ? ", one failed," : ", \(redundancy) failed,"
    let subject = index == 0 ? "\(stage.machines) × \(name)\(failed) meet the goal" : "\(stage.machines) meet it"
    let opening = "\(subject) up to \(Quantity.text(count: stage.arrivalRate)) requests/s"
    guard let upper = stage.upperCrossing else { return "\(opening), which the forecast does not reach." }
    let early = "\(upper.text) (upper \(Quantity.text(count: level * 100)) %)"
    guard let point = stage.pointCrossing else {
      return "\(opening): until \(early); the trend itself does not get there."
    }
    return point == upper ? "\(opening): until \(point.text)." : "\(opening): until \(point.text), or already \(early)."
  }
}

extension LoadForecast.Crossing {
  /// The date, or the time in the unit of the history.
  var text: String { date ?? Quantity.text(count: t) }
}

extension BatchPlan {
  var sentences: [String] { verdict.map(Sentences().text) }
}
