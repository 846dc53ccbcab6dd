import AdvisorCore

/// All candidates for a job within the limits, assessed.
struct Survey {
  let job: Job
  let goal: Goal
  let costs: CostBook
  private(set) var assessments: [Assessment] = []
  private(set) var warnings: [String] = []
  /// The work done one task after the other, by whatever strategy does that with the least ado.
  private(set) var sequential: Assessment?
  private let sizes = SizeCache()

  /// The candidates that may be simulated: those whose first guess is nearest to the best.
  private static let simulated = 8

  init(_ job: Job, _ goal: Goal, _ costs: CostBook, _ discrepancy: Discrepancy) throws(AdvisorError) {
    self.job = job
    self.goal = goal
    self.costs = costs
    let demand = try TaskDemand(job.stages, costs)
    let draws = Draws(
      discrepancy: discrepancy, jobClass: job.discrepancyClass, runSpread: costs.profile.noise.runSpread)
    let outcomes = try outcomes(of: demand)
    let widening = discrepancy.conformalFactor ?? 1
    assessments = outcomes.map { Assessment($0, draws, widening: widening) }
    sequential = assessments.filter { $0.outcome.workers == 1 }.min {
      $0.outcome.strategy.complexity < $1.outcome.strategy.complexity
    }
    warnings += discrepancyWarnings(discrepancy)
  }

  /// A first guess, and how to do better where that is not to be trusted.
  private struct Guess {
    var outcome: Outcome
    var simulated: () -> Outcome
  }

  private mutating func outcomes(of demand: TaskDemand) throws(AdvisorError) -> [Outcome] {
    let candidates = Candidates(job: job, goal: goal, costs: costs)
    var guesses: [Guess] = []
    var fault: AdvisorError?
    for strategy in Candidates.strategies(for: job) {
      do throws(AdvisorError) {
        guesses += try strategy == .pipeline ? pipelines(candidates) : pools(strategy, demand, candidates)
      } catch {
        fault = fault ?? error
        warnings.append("\(strategy.rawValue) was not considered: \(error.problem).")
      }
    }
    if guesses.isEmpty { throw fault ?? nothingFits() }
    return refined(guesses)
  }

  private func pools(
    _ strategy: Strategy, _ demand: TaskDemand, _ candidates: Candidates
  ) throws(AdvisorError) -> [Guess] {
    let pool = try WorkerPool(strategy, demand, tasks: job.stages[0].count, costs)
    try check(pool, fits: candidates.memoryLimit)
    return candidates.workerCounts(strategy, pool: pool).map { [sizes] workers in
      let guess = pool.outcome(workers: workers, chunk: nil, simulating: false, sizes: sizes)
      return Guess(outcome: guess) {
        pool.outcome(workers: workers, chunk: guess.chunk, simulating: true, sizes: sizes)
      }
    }
  }

  private func pipelines(_ candidates: Candidates) throws(AdvisorError) -> [Guess] {
    let pipeline = try PipelinePlan(job, costs)
    return pipeline.slots(goal: goal, memoryLimit: candidates.memoryLimit).map { slots in
      Guess(outcome: pipeline.outcome(slots, simulating: false)) { pipeline.outcome(slots, simulating: true) }
    }
  }

  /// Simulates the best of those whose first guess is not to be trusted.
  private func refined(_ guesses: [Guess]) -> [Outcome] {
    let ranked = guesses.sorted { $0.outcome.seconds < $1.outcome.seconds }
    let doubtful = ranked.indices.filter { ranked[$0].outcome.isGuess }.prefix(Self.simulated)
    return ranked.indices.map { doubtful.contains($0) ? ranked[$0].simulated() : ranked[$0].outcome }
  }

  private func check(_ pool: WorkerPool, fits limit: Double?) throws(AdvisorError) {
    guard let limit, pool.mostWorkers(within: limit) < 1 else { return }
    throw AdvisorError(
      .badData,
      "one task needs \(Quantity.text(bytes: pool.memoryBytes(workers: 1))), more than the "
        + "\(Quantity.text(bytes: limit)) that may be used",
      advice: "split the task into smaller ones, or raise the memory limit")
  }

  private func discrepancyWarnings(_ discrepancy: Discrepancy) -> [String] {
    guard discrepancy.conformalFactor == nil else { return [] }
    return [
      "The intervals are provisional: they are checked against past runs from the 19th on, and there are \(discrepancy.runs)."
    ]
  }

  /// The candidates that end in time with a chance of 95 %, or else more likely than not, with a warning.
  ///
  /// - Throws: `.badData` where nothing ends in time.
  func meetingDeadline() throws(AdvisorError) -> ([Assessment], warning: String?) {
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
    guard let fastest = assessments.min(by: { $0.p50 < $1.p50 }) else { return nothingFits() }
    return AdvisorError(
      .badData,
      "nothing meets the deadline of \(Quantity.text(seconds: deadline)): the fastest way, "
        + "\(fastest.outcome.strategy.rawValue) with \(fastest.outcome.workers) workers, takes about "
        + Quantity.text(seconds: fastest.p50),
      advice: "allow \(Quantity.text(seconds: fastest.quantile(0.95))), or try a larger machine with --what-if")
  }

  func nothingFits() -> AdvisorError {
    AdvisorError(.badData, "no way of running “\(job.text)” is within the limits", advice: "relax one of them")
  }
}
