import AdvisorCore
import Console
import Planning

/// The answer to each question that was asked, that to the load first.
extension CapacityReport {
  public var answer: ReportAnswer {
    let parts = [fleetAnswer, capacityAnswer, measuredAnswer, queueAnswer, jobAnswer].compactMap(\.self)
    guard let first = parts.first else { return ReportAnswer(headline: .nothingAsked, actions: [.nameJob]) }
    return parts.dropFirst().reduce(first) { $0.joined(with: $1) }
  }

  /// Time that ordering machines takes: what is due sooner is not green.
  private static let leadDays = 30.0

  private var fleetAnswer: ReportAnswer? {
    guard let fleet, let best = fleet.fleets.first else { return nil }
    guard let machines = best.machines else {
      return ReportAnswer(standing: .red, headline: .unreachable, actions: [.noMachines(name: best.option.name)])
    }
    let action = ReportAnswer.Statement.runMachines(
      machines: machines, name: best.option.name, spare: fleet.goal.redundancy, arrivalRate: fleet.goal.arrivalRate)
    let stages = outlook?.stages ?? []
    let (standing, headline) = standing(reached: stages.first?.upperCrossing, isKnown: outlook != nil)
    return ReportAnswer(
      standing: standing, headline: headline, actions: [action], dates: fleetDates(stages, machines: machines),
      costs: [price(best)], certainties: certainties(stages.first) + [sensitivity(best)].compactMap(\.self))
  }

  private func fleetDates(_ stages: [FleetOutlook.Stage], machines: Int) -> [ReportAnswer.Statement] {
    guard let first = stages.first, let failed = outlook?.redundancy else {
      return [outlookProblem == nil ? .noHistory : .outlookUnknown]
    }
    let until =
      first.upperCrossing.map {
        ReportAnswer.Statement.machinesUntil(machines: first.machines, failed: failed, date: $0.text)
      } ?? .machinesLast(machines: first.machines, failed: failed)
    let later = stages.dropFirst().filter { $0.upperCrossing != nil && $0.upperCrossing != first.upperCrossing }
    return (forecast?.exceeded == nil ? [] : [.exceeded]) + [until]
      + (later.isEmpty ? [] : [.moreMachines(stages: Array(later))])
  }

  private func price(_ fleet: FleetPlan.Fleet) -> ReportAnswer.Statement {
    guard let hour = fleet.pricePerHour else { return .noPrice }
    return .price(perHour: hour, currency: currency, perMonth: hour * TextReport.hoursAMonth)
  }

  private func sensitivity(_ fleet: FleetPlan.Fleet) -> ReportAnswer.Statement? {
    guard let less = fleet.sensitivity?.lessLoad, let more = fleet.sensitivity?.moreLoad else { return nil }
    return .otherLoads(less: less, more: more)
  }

  /// Of a capacity that was named; that of the machines is in their answer.
  private var capacityAnswer: ReportAnswer? {
    guard let forecast, outlook == nil else { return nil }
    let (standing, headline) = standing(reached: forecast.upperCrossing, isKnown: true)
    let date =
      forecast.upperCrossing.map { ReportAnswer.Statement.capacityUntil(date: $0.text) }
      ?? .capacityLasts(steps: forecast.searchedSteps)
    return ReportAnswer(
      standing: standing, headline: headline,
      actions: [forecast.upperCrossing == nil ? .keepCapacity : .raiseCapacity],
      dates: (forecast.exceeded == nil ? [] : [.exceeded]) + [date], costs: [.noPrice],
      certainties: certainties(upper: forecast.upperCrossing, point: forecast.pointCrossing))
  }

  private func standing(
    reached: LoadForecast.Crossing?, isKnown: Bool
  ) -> (ReportAnswer.Standing, ReportAnswer.Statement) {
    guard let forecast, isKnown else { return (.green, .advised) }
    if let last = pastLoad.last?.load, last >= forecast.usableCapacity { return (.red, .actNow) }
    guard let reached else {
      return (forecast.guess == nil && forecast.exceeded == nil ? .green : .amber, .fine)
    }
    let isSoon = reached.date != nil && Double(reached.stepsAhead) * forecast.step < Self.leadDays
    if isSoon || forecast.guess != nil || forecast.exceeded != nil { return (.amber, .actBefore(date: reached.text)) }
    return (.green, .fineUntil(date: reached.text))
  }

  private func certainties(_ stage: FleetOutlook.Stage?) -> [ReportAnswer.Statement] {
    guard let stage else { return [.exponential] }
    return certainties(upper: stage.upperCrossing, point: stage.pointCrossing)
  }

  private func certainties(
    upper: LoadForecast.Crossing?, point: LoadForecast.Crossing?
  ) -> [ReportAnswer.Statement] {
    guard let forecast else { return [] }
    let interval =
      upper == nil
      ? ReportAnswer.Statement.intervalBelow(level: forecast.level)
      : point.map { .upperEnd(level: forecast.level, trend: $0.text) } ?? .upperEndOnly(level: forecast.level)
    let points = forecast.since.map { since in pastLoad.count { $0.t >= since.t } } ?? forecast.points
    return (forecast.guess == nil ? [] : [.guess]) + [interval, .restsOn(points: points)]
  }

  /// Of a planner's own measurements.
  private var measuredAnswer: ReportAnswer? {
    guard let measured, let top = measured.measured.max(by: { $0.throughput < $1.throughput }) else { return nil }
    let best = measured.models.first { $0.model == measured.best }
    return ReportAnswer(
      standing: .green, headline: .advised,
      actions: [.useWorkers(workers: top.workers, throughput: top.throughput)],
      certainties: [best?.leaveOneOutError.map { .fitError(share: $0) } ?? .fitUnknown])
  }

  /// Of a load without a goal.
  private var queueAnswer: ReportAnswer? {
    guard let queue, fleet == nil else { return nil }
    return ReportAnswer(
      standing: .green, headline: .advised,
      actions: [.useCPUs(cpus: queue.servers, arrivalRate: queue.arrivalRate, serviceTime: queue.serviceTime)],
      dates: forecast == nil ? [.noHistory] : [], costs: [.noPrice], certainties: [.exponential])
  }

  private var jobAnswer: ReportAnswer? {
    guard let advice = recommendation else {
      return adviceProblem.map { _ in ReportAnswer(standing: .amber, headline: .unreachable, actions: [.noJob]) }
    }
    let seconds = advice.recommended.predicted.seconds
    return ReportAnswer(
      standing: .green, headline: .advised,
      actions: [.runJob(job: advice.job.text, plan: advice.strategies.name(of: advice.recommended))],
      dates: [.jobTakes(p50: seconds.p50, p5: seconds.p5, p95: seconds.p95)],
      costs: [pricePerHour.map { .jobCost(perRun: $0 * seconds.p50 / 3600, currency: currency) } ?? .noPrice],
      certainties: [.confidence(share: advice.confidence)])
  }
}
