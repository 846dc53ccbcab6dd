import AdvisorCore

/// All candidates for a job, in the worlds that were drawn.
struct Survey {
  let shortlist: Shortlist
  let assessments: [Assessment]
  private let draws: Draws
  /// The work done one task after the other.
  let sequential: Assessment?
  private let goal: Goal
  /// Of such jobs, and on how many occasions.
  private let past: (runs: Int, occasions: Int)
  private let profile: MachineProfile
  private let others: OtherLoad

  init(_ job: Job, _ goal: Goal, _ costs: CostBook, _ discrepancy: Discrepancy) throws(AdvisorError) {
    let shortlist = try Shortlist(job, goal, costs)
    self.shortlist = shortlist
    self.goal = goal
    profile = costs.profile
    others = costs.others
    let draws = Draws(profile)
    self.draws = draws
    let jobClass = job.discrepancyClass
    past = (discrepancy.runs(of: jobClass), discrepancy.occasions(of: jobClass))
    assessments = shortlist.outcomes.map { Assessment($0, draws, discrepancy, jobClass) }
    sequential = assessments.filter { $0.outcome.workers == 1 && $0.outcome.engine == nil }.min {
      $0.outcome.strategy.complexity < $1.outcome.strategy.complexity
    }
  }

  /// Why a candidate's interval is as wide as it is.
  func intervalSplit(of chosen: Assessment) -> IntervalSplit {
    IntervalSplit(
      width: chosen.prediction.seconds.relativeWidth, widthWithoutHistory: chosen.widthWithoutHistory,
      pastRuns: past.runs, shares: draws.shares(of: chosen.outcome))
  }

  var caveats: [Caveat] {
    let minimum = Discrepancy.minCheckedOccasions
    let provisional = Caveat.provisionalIntervals(occasions: past.occasions, minOccasions: minimum)
    return shortlist.caveats
      + [others.caveat, profile.speedupCaveat, past.occasions < minimum ? provisional : nil]
      .compactMap(\.self)
  }

  /// The candidates that end in time with a chance of 95 %, or else more likely than not, with a caveat.
  ///
  /// - Throws: `.badData` where nothing ends in time.
  func meetingDeadline() throws(AdvisorError) -> (candidates: [Assessment], caveat: Caveat?) {
    guard let deadline = goal.deadlineSeconds else { return (assessments, nil) }
    let safe = assessments.filter { $0.quantile(0.95) <= deadline }
    guard safe.isEmpty else { return (safe, nil) }
    let likely = assessments.filter { $0.p50 <= deadline }
    guard likely.isEmpty else { return (likely, .deadlineAtRisk(seconds: deadline)) }
    throw tooLate(deadline)
  }

  private func tooLate(_ deadline: Double) -> AdvisorError {
    guard let fastest = assessments.min(by: { $0.p50 < $1.p50 }) else { return Shortlist.nothingFits(shortlist.job) }
    return AdvisorError(
      .badData,
      "nothing meets the deadline of \(Quantity.text(seconds: deadline)): the fastest way "
        + "(\(fastest.outcome.engine ?? fastest.outcome.strategy.rawValue), workers: \(fastest.outcome.workers)) takes about "
        + "\(Quantity.text(seconds: fastest.p50))",
      advice: "allow \(Quantity.text(seconds: fastest.quantile(0.95))), or try a larger machine with --what-if")
  }
}
