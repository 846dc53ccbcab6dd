public import Planning
import AdvisorCore
import Console

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
    case .cheapest(let machines, let name, let cost, let p95, let plan):
      "The cheapest that meets it is \(machines > 1 ? "\(machines) × " : "")\(name) with \(plan): \(money(cost)) a run, 95 of 100 runs within \(time(p95))."
    case .cluster(let machines, let seconds, 0):
      "\(count(machines, "machine like this one meets it", "machines like this one meet it")) in \(time(seconds)), if they are up already; --cluster-start TIME counts "
        + "starting them."
    case .cluster(let machines, let seconds, let start):
      "\(count(machines, "machine like this one meets it", "machines like this one meet it")) in \(time(seconds)), of which \(time(start)) start the cluster."
    case .noCluster:
      "No number of machines like this one meets it: starting them or a single task takes too long."
    case .cheaperMachine(let cost, let clusterCost): "One larger machine costs less: \(costs(cost, clusterCost))."
    case .cheaperCluster(let cost, let machineCost): "Several machines cost less: \(costs(cost, machineCost))."
    case .keepCluster(let seconds):
      "Keep the cluster up where a run starts at least every \(time(seconds)); with longer gaps, starting it each time "
        + "costs less."
    case .scaled(let error):
      "Machines that were not measured are scaled from the nearest profile. Their p95 is assumed to be "
        + "\(percent(error)) higher for each doubling of CPUs; calibrate there to know it."
    }
  }

  private func costs(_ less: Double, _ more: Double) -> String {
    "\(money(less)) a run instead of \(money(more))"
  }

  private func money(_ amount: Double) -> String { Quantity.money(amount, currency) }

  public func text(_ problem: FleetPlan.Problem) -> String {
    switch problem {
    case .serviceTooLong(let seconds):
      "the service alone takes \(time(seconds)) for 95 % of the requests, however many machines"
    case .tooManyMachines(let limit): "more than \(count(Double(limit), "machine")) would be needed"
    }
  }
}

extension FleetPlan {
  /// The machines to take, until when they do, and why others cannot.
  var sentences: [String] {
    let best = fleets.first.flatMap { fleet in
      fleet.machines.map {
        let price = fleet.pricePerHour.map { ", \(Quantity.money($0, currency)) an hour" } ?? ""
        let cheapest = fleets.count { $0.pricePerHour != nil } > 1 && fleet.pricePerHour != nil ? ", the cheapest" : ""
        return "Run \($0) × \(fleet.option.name)\(price)\(cheapest)."
      }
    }
    let problems = fleets.compactMap { fleet in
      fleet.problem.map { "\(fleet.option.name) cannot: \(Sentences().text($0))." }
    }
    return [best ?? "No number of machines meets the goal."] + (outlook?.sentences ?? []) + problems
  }
}

extension FleetOutlook {
  /// Until when the advised machines keep the goal.
  var sentences: [String] {
    guard let first = stages.first else { return [] }
    let failed = AnswerSentences.failed(redundancy)
    let rate = "up to \(Quantity.text(count: first.arrivalRate)) requests/s"
    guard let upper = first.upperCrossing else {
      return ["They keep the goal\(failed) \(rate), which the forecast does not reach."]
    }
    let trend = first.pointCrossing.map { ", by the trend until \($0.text)" } ?? ""
    return [
      "They keep the goal\(failed) \(rate): until \(upper.text) at the upper end of the "
        + "\(TextReport.percent(level)) interval\(trend)."
    ]
  }
}

extension LoadForecast.Crossing {
  /// The date, or the time in the unit of the history.
  var text: String { date ?? Quantity.text(count: t) }
}

extension BatchPlan {
  var sentences: [String] { verdict.map(Sentences(currency: currency).text) }
}
