import AdvisorCore

/// All candidates for a job within the limits, each with its expected cost.
struct Shortlist {
  let job: Job
  let candidates: Candidates
  /// Fastest first.
  private(set) var outcomes: [Outcome] = []
  /// Which strategies and engines had to be left out, and why.
  private(set) var caveats: [Caveat] = []
  private let costs: CostBook
  private let sizes = SizeCache()

  /// How many are simulated at most: those whose first guess is nearest to the best.
  private static let maxSimulated = 8

  /// A first guess, and how to do better where that is not to be trusted.
  private struct Guess {
    var outcome: Outcome
    var simulated: () -> Outcome
  }

  /// - Parameter simulating: false leaves all at their first guess.
  /// - Throws: `.badData` where the profile lacks a cost that the job needs, or nothing is within the limits.
  init(_ job: Job, _ goal: Goal, _ costs: CostBook, simulating: Bool = true) throws(AdvisorError) {
    self.job = job
    self.costs = costs
    candidates = Candidates(job: job, goal: goal, costs: costs)
    let demand = try TaskDemand(job.stages, costs)
    var guesses: [Guess] = []
    var fault: AdvisorError?
    for strategy in Candidates.strategies(for: job, in: costs.profile.seenBy) {
      do throws(AdvisorError) {
        guesses += try strategy == .pipeline ? pipelines() : pools(strategy, demand)
      } catch {
        fault = fault ?? error
        caveats.append(.strategyNotConsidered(strategy: strategy, problem: error.problem))
      }
    }
    if goal.usesEngines { guesses += engines(demand, goal) }
    if guesses.isEmpty { throw fault ?? Self.nothingFits(job) }
    outcomes = Self.refined(guesses, simulating).sorted { $0.seconds < $1.seconds }
  }

  static func nothingFits(_ job: Job) -> AdvisorError {
    AdvisorError(.badData, "no way of running “\(job.text)” is within the limits", advice: "relax one of them")
  }

  private func pools(_ strategy: Strategy, _ demand: TaskDemand) throws(AdvisorError) -> [Guess] {
    let pool = try PoolPlan(strategy, demand, tasks: job.stages[0].count, costs)
    let fitting = pool.maxWorkers(within: candidates.memoryLimit ?? .infinity)
    guard fitting >= 1 else { throw tooLarge(pool) }
    let limit = candidates.workerLimit(strategy)
    guard limit.count >= 1 else { throw tooFew(limit) }
    let useful = min(pool.maxUseful, pool.knees.max() ?? .max)
    return candidates.workerCounts(strategy, pool: pool).map { [sizes] workers in
      // With room for more there would be more.
      func caps(_ most: Int) -> Bool { workers == most && most < useful }
      let bound: BindingLimit? = caps(fitting) ? .memory : caps(limit.count) ? .process : nil
      func outcome(_ simulating: Bool, _ chunk: Int?) -> Outcome {
        var outcome = pool.outcome(workers: workers, chunk: chunk, simulating: simulating, sizes: sizes)
        if let bound, limit.bound != .ceiling || bound == .memory { outcome.limit = bound }
        return outcome
      }
      let guess = outcome(false, nil)
      return Guess(outcome: guess) { outcome(true, guess.chunk) }
    }
  }

  private mutating func engines(_ demand: TaskDemand, _ goal: Goal) -> [Guess] {
    costs.profile.engines.compactMap { engine in
      do throws(AdvisorError) {
        let pool = try EnginePool(engine, job, demand, costs, maxWorkers: goal.maxWorkers)
        return Guess(outcome: pool.outcome(sizes: sizes, simulating: false)) { [sizes] in
          pool.outcome(sizes: sizes, simulating: true)
        }
      } catch {
        caveats.append(.engineNotConsidered(engine: engine.name, problem: error.problem))
        return nil
      }
    }
  }

  private func pipelines() throws(AdvisorError) -> [Guess] {
    let pipeline = try PipelinePlan(job, costs)
    let limit = candidates.workerLimit(.pipeline)
    guard limit.count >= job.stages.count else { throw tooFew(limit) }
    let maxWorkers = min(limit.count, candidates.goal.maxWorkers ?? .max)
    return pipeline.slots(maxWorkers: maxWorkers, memoryLimit: candidates.memoryLimit).map { slots in
      Guess(outcome: pipeline.outcome(slots, simulating: false)) { pipeline.outcome(slots, simulating: true) }
    }
  }

  private func tooFew(_ limit: WorkerLimit) -> AdvisorError {
    AdvisorError(.badData, "\(limit.reason) leaves no room for its workers", advice: "raise the limit")
  }

  private func tooLarge(_ pool: PoolPlan) -> AdvisorError {
    AdvisorError(
      .badData,
      "one task needs \(Quantity.text(bytes: pool.memoryBytes(workers: 1))), more than the "
        + "\(Quantity.text(bytes: candidates.memoryLimit ?? 0)) that may be used",
      advice: "\(splitAdvice(pool) ?? "split the task into smaller ones"), or raise the memory limit")
  }

  /// The least number of pieces of each task that leaves room for one at a time; nil where no number does.
  private func splitAdvice(_ pool: PoolPlan) -> String? {
    let task = pool.demand.residentBytes
    let room = (candidates.memoryLimit ?? .infinity) - (pool.memoryBytes(workers: 1) - task)
    guard room > 0, task / room < 1e6 else { return nil }
    let pieces = Int((task / room).rounded(.up))
    return job.split(into: pieces).map { "split each task in \(pieces), as in --job \($0.text)" }
  }

  /// Simulates the best of those whose first guess is not to be trusted.
  private static func refined(_ guesses: [Guess], _ simulating: Bool) -> [Outcome] {
    guard simulating else { return guesses.map(\.outcome) }
    let ranked = guesses.sorted { $0.outcome.seconds < $1.outcome.seconds }
    let doubtful = Set(ranked.indices.filter { ranked[$0].outcome.isGuess }.prefix(maxSimulated))
    return ranked.indices.map { doubtful.contains($0) ? ranked[$0].simulated() : ranked[$0].outcome }
  }
}
