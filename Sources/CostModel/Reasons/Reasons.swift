import AdvisorCore

/// Why a candidate was chosen, and what would change that: values with figures (docs/model.md, 7).
struct Reasons {
  let job: Job
  let goal: Goal
  let survey: Survey
  let decision: Decision
  let costs: CostBook

  init(_ job: Job, _ goal: Goal, _ survey: Survey, _ decision: Decision, _ costs: CostBook) {
    self.job = job
    self.goal = goal
    self.survey = survey
    self.decision = decision
    self.costs = costs
  }

  var chosen: Outcome { decision.chosen.outcome }

  /// Most telling first.
  var list: [Reason] {
    engines + [binding, runnerUp, breakEven, knee, queueing].compactMap(\.self) + runtimeReasons + otherMachines
      + [probe].compactMap(\.self)
  }

  /// The next best strategy, and what it loses.
  private var runnerUp: Reason? {
    guard let other = decision.others.first(where: { !$0.outcome.isSameWay(as: chosen) && $0.outcome.engine == nil })
    else { return nil }
    let plan = other.outcome.plan
    let ratio = other.mean / decision.chosen.mean
    if abs(ratio - 1) <= 1.25 * Decision.tolerance { return .equallyFast(plan: plan) }
    guard ratio > 1 else { return .worseForObjective(plan: plan, objective: goal.objective.rawValue) }
    return .slower(
      plan: plan, seconds: other.mean - decision.chosen.mean, share: ratio - 1,
      mostly: Self.largestLoss(of: other.outcome, against: chosen))
  }

  private static func largestLoss(of other: Outcome, against chosen: Outcome) -> Prediction.Part? {
    let losses = other.parts.map { ($0.name, $0.seconds - chosen.seconds(of: $0.name)) }
    guard let largest = losses.max(by: { $0.1 < $1.1 }), largest.1 > 0 else { return nil }
    return Prediction.Part(name: largest.0.rawValue, seconds: largest.1)
  }

  /// Below which size of a task the chosen strategy, and processes, would not be worth their start.
  private var breakEven: Reason? {
    guard let sequential = survey.sequential?.outcome, chosen.strategy != .sequential, chosen.engine == nil else {
      return nil
    }
    let tasks = Double(job.stages[0].count)
    func size(_ outcome: Outcome) -> Double? {
      let gain = 1 - (outcome.seconds - outcome.fixedSeconds) / sequential.seconds
      return gain > 0.01 ? outcome.fixedSeconds / (gain * tasks) : nil
    }
    guard let own = size(chosen), own > 0 else { return nil }
    let processes = survey.assessments.first {
      $0.outcome.strategy == .processes && $0.outcome.workers > 1 && $0.outcome.engine == nil
    }
    return .breakEven(
      strategy: chosen.strategy, tasks: job.stages[0].count, seconds: own,
      processesSeconds: chosen.strategy == .processes ? nil : processes.flatMap { size($0.outcome) },
      taskSeconds: sequential.seconds / tasks)
  }

  /// Up to which number of workers something is gained.
  private var knee: Reason? {
    let same = survey.assessments.filter { $0.outcome.isSameWay(as: chosen) && $0.outcome.stageWorkers == nil }
    guard let most = same.map(\.outcome.workers).max(), most > chosen.workers, chosen.workers > 1 else { return nil }
    guard
      let half = same.filter({ $0.outcome.workers <= chosen.workers / 2 }).max(by: {
        $0.outcome.workers < $1.outcome.workers
      })
    else { return nil }
    return .enoughWorkers(
      strategy: chosen.strategy, workers: chosen.workers, fewer: half.outcome.workers,
      ratio: half.mean / decision.chosen.mean)
  }

  /// Why not one worker a CPU, when fewer were chosen.
  private var queueing: Reason? {
    let cpus = costs.capacity(for: .word).logicalCPUs
    guard chosen.limit == .startUp || chosen.limit == .dispatch, chosen.workers < cpus else { return nil }
    guard
      let full = survey.assessments.first(where: {
        $0.outcome.isSameWay(as: chosen) && $0.outcome.workers == cpus
      })
    else { return nil }
    return .lateWorkers(cpus: cpus, seconds: full.mean, touchesMemory: touchesMemory)
  }
}
