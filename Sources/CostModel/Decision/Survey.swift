import AdvisorCore

/// All candidates for a job, in the worlds that were drawn.
struct Survey {
  let shortlist: Shortlist
  let assessments: [Assessment]
  /// The work done one task after the other.
  let sequential: Assessment?
  private let goal: Goal
  /// Of such jobs.
  private let pastRuns: Int
  private let profile: MachineProfile

  init(_ job: Job, _ goal: Goal, _ costs: CostBook, _ discrepancy: Discrepancy) throws(AdvisorError) {
    let shortlist = try Shortlist(job, goal, costs)
    self.shortlist = shortlist
    self.goal = goal
    profile = costs.profile
    let draws = Draws(noise: profile.noise)
    let jobClass = job.discrepancyClass
    pastRuns = discrepancy.runs(of: jobClass)
    assessments = shortlist.outcomes.map { Assessment($0, draws, discrepancy, jobClass) }
    sequential = assessments.filter { $0.outcome.workers == 1 && $0.outcome.engine == nil }.min {
      $0.outcome.strategy.complexity < $1.outcome.strategy.complexity
    }
  }

  var warnings: [String] {
    let warnings = shortlist.warnings + profile.noise.loadWarnings + profile.speedupWarnings
    guard pastRuns < Discrepancy.minCheckedRuns else { return warnings }
    return warnings + [
      "The intervals are provisional: from \(Discrepancy.minCheckedRuns) past runs on they are checked against those, and "
        + "there are \(pastRuns) of such jobs."
    ]
  }

  /// The candidates that end in time with a chance of 95 %, or else more likely than not, with a warning.
  ///
  /// - Throws: `.badData` where nothing ends in time.
  func meetingDeadline() throws(AdvisorError) -> (candidates: [Assessment], warning: String?) {
    guard let deadline = goal.deadlineSeconds else { return (assessments, nil) }
    let safe = assessments.filter { $0.quantile(0.95) <= deadline }
    guard safe.isEmpty else { return (safe, nil) }
    let likely = assessments.filter { $0.p50 <= deadline }
    guard likely.isEmpty else {
      return (likely, "The deadline of \(Quantity.text(seconds: deadline)) is likely but not sure to be met.")
    }
    throw tooLate(deadline)
  }

  private func tooLate(_ deadline: Double) -> AdvisorError {
    guard let fastest = assessments.min(by: { $0.p50 < $1.p50 }) else { return Shortlist.nothingFits(shortlist.job) }
    return AdvisorError(
      .badData,
      "nothing meets the deadline of \(Quantity.text(seconds: deadline)): the fastest way, "
        + "\(fastest.outcome.summary), takes about \(Quantity.text(seconds: fastest.p50))",
      advice: "allow \(Quantity.text(seconds: fastest.quantile(0.95))), or try a larger machine with --what-if")
  }
}

extension Outcome {
  /// `threads with 2 workers`, `async with 64 in flight`, `a pipeline of 8 + 2 workers`, `sequential`.
  var summary: String {
    if let engine { return "\(engine) with \(workers) slot\(workers == 1 ? "" : "s")" }
    return switch strategy {
    case .sequential: "sequential"
    case .async: "async with \(workers) in flight"
    case .pipeline: "a pipeline of \((stageWorkers ?? [workers]).map(String.init).joined(separator: " + ")) workers"
    default: "\(strategy.rawValue) with \(workers) worker\(workers == 1 ? "" : "s")"
    }
  }
}
