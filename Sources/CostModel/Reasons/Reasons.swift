import AdvisorCore

/// Why a candidate was chosen, and what would change that: sentences with figures (docs/model.md, 7).
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
  var lines: [String] {
    engines + [binding, runnerUp, breakEven, knee, queueing].compactMap(\.self) + runtimeLines + otherMachines
      + [probe].compactMap(\.self)
  }

  /// In the words of whoever runs it.
  func name(of outcome: Outcome) -> String {
    costs.profile.seenBy == nil ? outcome.summary : outcome.strategy.pythonName(workers: outcome.workers)
  }

  /// The next best strategy, and what it loses.
  private var runnerUp: String? {
    guard let other = decision.others.first(where: { !$0.outcome.isSameWay(as: chosen) && $0.outcome.engine == nil })
    else { return nil }
    let ratio = other.mean / decision.chosen.mean
    if abs(ratio - 1) <= 1.25 * Decision.tolerance {
      return
        "\(name(of: other.outcome).capitalisedFirst) would take as long; with as good as equal times, fewer workers, less "
        + "memory and the simpler strategy decide."
    }
    guard ratio > 1 else {
      return
        "\(name(of: other.outcome).capitalisedFirst) would be faster, but is worse for the objective (\(goal.objective.rawValue))."
    }
    let extra = Quantity.text(seconds: other.mean - decision.chosen.mean)
    let cause = Self.largestLoss(of: other.outcome, against: chosen).map { ", most of it \($0)" } ?? ""
    return
      "\(name(of: other.outcome).capitalisedFirst) would take \(extra) longer (\(Self.percent(ratio - 1)))\(cause)."
  }

  private static func largestLoss(of other: Outcome, against chosen: Outcome) -> String? {
    let losses = other.parts.map { ($0.name, $0.seconds - chosen.seconds(of: $0.name)) }
    guard let largest = losses.max(by: { $0.1 < $1.1 }), largest.1 > 0 else { return nil }
    return "\(largest.0.rawValue) (\(Quantity.text(seconds: largest.1)))"
  }

  /// Below which size of a task the chosen strategy, and processes, would not be worth their start.
  private var breakEven: String? {
    guard let sequential = survey.sequential?.outcome, chosen.strategy != .sequential, chosen.engine == nil else {
      return nil
    }
    let tasks = Double(job.stages[0].count)
    let each = sequential.seconds / tasks
    func size(_ outcome: Outcome) -> Double? {
      let gain = 1 - (outcome.seconds - outcome.fixedSeconds) / sequential.seconds
      return gain > 0.01 ? outcome.fixedSeconds / (gain * tasks) : nil
    }
    guard let own = size(chosen), own > 0 else { return nil }
    var text =
      "\(chosen.strategy.rawValue.capitalisedFirst) pay\(chosen.strategy.isSingular ? "s" : "") from "
      + "\(Quantity.text(seconds: own)) a task with \(Self.count(job.stages[0].count, "task"))"
    if chosen.strategy != .processes,
      let processes = survey.assessments.first(where: {
        $0.outcome.strategy == .processes && $0.outcome.workers > 1 && $0.outcome.engine == nil
      }),
      let other = size(processes.outcome)
    {
      text += ", processes from \(Quantity.text(seconds: other))"
    }
    return text + "; here a task takes \(Quantity.text(seconds: each))."
  }

  /// Up to which number of workers something is gained.
  private var knee: String? {
    let same = survey.assessments.filter { $0.outcome.isSameWay(as: chosen) && $0.outcome.stageWorkers == nil }
    guard let most = same.map(\.outcome.workers).max(), most > chosen.workers, chosen.workers > 1 else { return nil }
    guard
      let half = same.filter({ $0.outcome.workers <= chosen.workers / 2 }).max(by: {
        $0.outcome.workers < $1.outcome.workers
      })
    else { return nil }
    let noun = chosen.strategy == .async ? "in flight" : "workers"
    return "Beyond \(chosen.workers) \(noun) nothing is gained; with \(half.outcome.workers) it would take "
      + "\(Quantity.significant(half.mean / decision.chosen.mean)) times as long."
  }

  /// Why not one worker a CPU, when fewer were chosen.
  private var queueing: String? {
    let cpus = costs.capacity(for: .word).logicalCPUs
    guard chosen.limit == .startUp || chosen.limit == .dispatch, chosen.workers < cpus else { return nil }
    guard
      let full = survey.assessments.first(where: {
        $0.outcome.isSameWay(as: chosen) && $0.outcome.workers == cpus
      })
    else { return nil }
    let lateness = touchesMemory ? "have their memory" : "start"
    return
      "All \(cpus) CPUs would take \(Quantity.text(seconds: full.mean)): the last workers would \(lateness) too late to help."
  }

  static func percent(_ share: Double) -> String { "\(Quantity.significant(share * 100)) %" }

  static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

extension Strategy {
  /// Whether its name takes a verb in the singular.
  var isSingular: Bool { self == .async || self == .pipeline || self == .sequential }
}

extension String {
  var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
