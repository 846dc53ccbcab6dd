public import AdvisorCore

extension CostModel {
  /// How to apply a function to many elements in this process: the best of threads and of none, for `concurrentMap`.
  ///
  /// - Parameters:
  ///   - job: `cpu` and `wait` stages that stand for the function; `Job(mapping:)` times it, a job string says it.
  ///   - goal: what is wanted, and what must not be exceeded.
  /// - Throws: as ``recommend(_:goal:)``.
  public func mapPlan(for job: Job, goal: Goal = Goal()) throws(AdvisorError) -> Plan {
    let advice = try recommend(job, goal: goal)
    let ranked = [advice.recommended] + advice.alternatives
    guard let best = ranked.first(where: { [.sequential, .threads].contains($0.strategy) }) else {
      return Plan(strategy: .sequential, workers: 1)
    }
    return profile.machine.plan(for: best, job: job)
  }

  /// The fastest candidate among those of one strategy, of one worker count, or of both.
  ///
  /// - Throws: `.usage` for a strategy that cannot carry out such a job; else as ``recommend(_:goal:)``.
  public func best(for job: Job, strategy: Strategy?, workers: Int?) throws(AdvisorError) -> Candidate {
    let fitting = Candidates.strategies(for: job, in: profile.seenBy)
    if let strategy, !fitting.contains(strategy) {
      throw AdvisorError(
        .usage, "the strategy \(strategy.rawValue) cannot run \(job.text.printable)",
        advice: "use one of: \(fitting.map(\.rawValue).joined(separator: ", "))")
    }
    let advice = try recommend(job)
    let ranked = ([advice.recommended] + advice.alternatives).filter { strategy == nil || $0.strategy == strategy }
    let matching = ranked.filter { workers == nil || $0.workers == workers }
    if let best = matching.min(by: { $0.predicted.seconds.p50 < $1.predicted.seconds.p50 }) { return best }
    return try unlisted(job, strategies: strategy.map { [$0] } ?? fitting, workers: workers ?? 1, like: ranked)
  }

  /// A candidate that the recommendation did not look at: a worker count between or beyond those worth a look.
  private func unlisted(
    _ job: Job, strategies: [Strategy], workers: Int, like ranked: [Candidate]
  ) throws(AdvisorError) -> Candidate {
    let sequential = try? predict(job, plan: Plan(strategy: .sequential, workers: 1)).seconds.p50
    var best: Candidate?
    for strategy in strategies where strategy != .sequential || workers == 1 {
      let neighbour = ranked.filter { $0.strategy == strategy }.min {
        abs($0.workers - workers) < abs($1.workers - workers)
      }
      let chunk = neighbour?.chunk ?? 1
      for stageWorkers in [nil] + (neighbour?.shared(among: workers) ?? []) {
        let plan = Plan(strategy: strategy, workers: workers, chunk: chunk, stageWorkers: stageWorkers)
        let predicted = try predict(job, plan: plan)
        guard predicted.seconds.p50 < best?.predicted.seconds.p50 ?? .infinity else { continue }
        best = Candidate(
          strategy: strategy, workers: workers, chunk: chunk, stageWorkers: stageWorkers, predicted: predicted,
          speedup: (sequential ?? predicted.seconds.p50) / predicted.seconds.p50,
          bindingLimit: neighbour?.bindingLimit ?? .cores)
      }
    }
    guard let best else {
      throw AdvisorError(
        .usage, "sequential runs one task after the other, not \(workers) at once", advice: "leave --workers out")
    }
    return best
  }
}

extension Candidate {
  /// The stages of a pipeline like this one with another number of workers in all: the stage that has most of them takes the
  /// difference. Empty for other strategies, and where too few would be left.
  fileprivate func shared(among workers: Int) -> [[Int]?] {
    guard var counts = stageWorkers, let most = counts.indices.max(by: { counts[$0] < counts[$1] }) else { return [] }
    counts[most] += workers - counts.reduce(0, +)
    return counts[most] >= 1 ? [counts] : []
  }
}
