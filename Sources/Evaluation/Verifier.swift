public import AdvisorCore
public import CostModel

/// Measures every sensible way of running each job of a suite, and sets the advice beside the best of them.
public struct Verifier {
  /// Runs a plan once and returns what it took.
  public typealias Run = (Job, Candidate) throws(AdvisorError) -> RunOutcome
  /// The model as it predicts a job at that moment.
  public typealias Model = (Job) throws(AdvisorError) -> CostModel
  /// Takes note of the middle run of a way, from which later predictions can learn.
  public typealias Keep = (Job, Candidate, Measurement) -> Void

  let model: Model
  let seconds: Double
  let run: Run
  let keep: Keep
  let report: (_ job: String, _ share: Double) -> Void
  let shouldStop: () -> Bool

  static let minRuns = 5
  static let maxRuns = 15

  /// - Parameters:
  ///   - seconds: for the whole suite; each way is run at least five times in any case.
  public init(
    seconds: Double, report: @escaping (String, Double) -> Void = { _, _ in },
    shouldStop: @escaping () -> Bool = { false }, keep: @escaping Keep = { _, _, _ in }, model: @escaping Model,
    run: @escaping Run
  ) {
    self.model = model
    self.seconds = seconds
    self.report = report
    self.shouldStop = shouldStop
    self.keep = keep
    self.run = run
  }

  /// - Parameter clock: monotonic seconds.
  /// - Throws: ``AdvisorError`` where no job of the suite could be measured.
  public func verify(_ jobs: [NamedJob], clock: @escaping () -> Double) throws(AdvisorError) -> Verification {
    let rounds = Rounds(minRuns: Self.minRuns, maxRuns: Self.maxRuns, clock: clock, shouldStop: shouldStop)
    return try rounds.verify(jobs, named: \.label, within: seconds, report: report) {
      (job, deadline, seed) throws(AdvisorError) in
      try trial(of: job, until: deadline, seed: seed, rounds)
    }
  }

  private func trial(
    of job: NamedJob, until deadline: Double, seed: UInt64, _ rounds: Rounds
  ) throws(AdvisorError) -> Trial {
    let model = try modelInUse(of: job.job)
    let rules = try rules(for: job.job, by: model)
    let (candidates, places) = Trial.candidates(try model.recommend(job.job), rules: rules)
    var trial = Trial(name: job.name, job: job.job.text, ways: candidates.map(Trial.Way.init), rules: places)
    try rounds.measure(&trial, until: deadline, seed: seed) { index throws(AdvisorError) in
      let (candidate, model) = (candidates[index], try self.model(job.job))
      // What one who runs it now is told before.
      let plan = model.profile.machine.plan(for: candidate, job: job.job)
      let tells = index == 0 || model.touchesMemoryThatRests
      let predicted = tells ? try model.predict(job.job, plan: plan).seconds : nil
      return Measurement(
        try run(job.job, candidate), predicted: predicted, machine: model.profile)
    }
    for index in trial.comparable {
      let sorted = trial.runs[index].sorted { $0.outcome.seconds < $1.outcome.seconds }
      if !sorted.isEmpty { keep(job.job, candidates[index], sorted[sorted.count / 2]) }
    }
    return trial
  }

  /// The model as it predicts a job whose runs follow one another: those after the first find memory that has not rested.
  private func modelInUse(of job: Job) throws(AdvisorError) -> CostModel {
    let model = try self.model(job)
    guard model.touchesMemoryThatRests else { return model }
    _ = try run(job, try model.recommend(job).recommended)
    return try self.model(job)
  }

  private func rules(for job: Job, by model: CostModel) throws(AdvisorError) -> [FixedRule: Candidate] {
    var rules: [FixedRule: Candidate] = [:]
    for rule in FixedRule.allCases {
      guard let choice = rule.choice(for: job, cpus: model.profile.machine.usable.logicalCPUs) else { continue }
      rules[rule] = try model.best(for: job, strategy: choice.strategy, workers: choice.workers)
    }
    return rules
  }
}

extension CostModel {
  /// Whether what the job takes hangs on how much memory has not rested, so that each run is predicted by its own.
  fileprivate var touchesMemoryThatRests: Bool { profile.warmMemoryBytes != nil }
}
