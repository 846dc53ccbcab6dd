public import AdvisorCore
import Statistics

/// Predicts what every way of running a job takes on a machine, and recommends one.
///
/// Pure: the same profile, job and goal give the same answer, to the bit.
public struct CostModel: Sendable {
  public let profile: MachineProfile
  public let discrepancy: Discrepancy
  var costs: CostBook

  /// - Throws: `.badData` for a profile of a machine without a usable CPU.
  public init(profile: MachineProfile, discrepancy: Discrepancy = .prior) throws(AdvisorError) {
    self.profile = profile
    self.discrepancy = discrepancy
    costs = try CostBook(profile)
  }

  /// The same model beside what else wants the CPUs now.
  public func beside(_ load: PresentLoad?) throws(AdvisorError) -> CostModel {
    var now = profile
    now.presentLoad = load
    return try of(now)
  }

  /// The same model of the machine as it is now.
  public func of(_ now: MachineProfile) throws(AdvisorError) -> CostModel {
    var model = try CostModel(profile: now, discrepancy: discrepancy)
    model.costs.pilot = costs.pilot
    return model
  }

  /// The best way of running a job, with the others, the reasons and the confidence.
  ///
  /// - Throws: `.badData` where the profile lacks a cost that the job needs, where one task does not fit in memory, or where
  ///   nothing meets the deadline; `.usage` for limits that make no sense.
  public func recommend(_ job: Job, goal: Goal = Goal()) throws(AdvisorError) -> Recommendation {
    try goal.validate()
    let costs = try costs.during(job)
    let survey = try Survey(job, goal, costs, discrepancy)
    let (kept, late) = try survey.meetingDeadline()
    guard let decision = Decision(kept, objective: goal.objective) else { throw Shortlist.nothingFits(job) }
    let sequential = survey.sequential?.p50
    let recommended = decision.chosen.candidate(sequential: sequential)
    let reasons = Reasons(job, goal, survey, decision, costs)
    return Recommendation(
      job: job, profile: .init(id: profile.fingerprint, path: nil), recommended: recommended,
      alternatives: decision.others.map { $0.candidate(sequential: sequential) }, confidence: decision.confidence,
      intervalSplit: survey.intervalSplit(of: decision.chosen), reasons: reasons.list,
      caveats: reasons.runtimeCaveats + profile.machine.limits.caveatsOfAdvice + survey.caveats
        + [late].compactMap(\.self),
      runtime: profile.seenBy.map { RuntimeAdvice(recommended, job, in: $0) })
  }

  /// What a given plan takes.
  ///
  /// - Throws: `.badData` where the profile lacks a cost that the job or the strategy needs; `.usage` for a plan without workers.
  public func predict(_ job: Job, plan: Plan) throws(AdvisorError) -> Prediction {
    try assess(job, plan).prediction
  }

  /// Tasks at a time that a plan for an engine does best to hand over: as many as the recommendation of it says.
  ///
  /// - Throws: as ``predict(_:plan:)``.
  public func chunk(_ job: Job, plan: Plan) throws(AdvisorError) -> Int { try outcome(job, plan).chunk }

  /// Standard deviation of the logarithm of the predicted seconds, the model's discrepancy left out.
  public func spread(_ job: Job, plan: Plan) throws(AdvisorError) -> Double {
    Draws(profile).spreadWithoutDiscrepancy(of: try outcome(job, plan))
  }

  private func assess(_ job: Job, _ plan: Plan) throws(AdvisorError) -> Assessment {
    Assessment(try outcome(job, plan), Draws(profile), discrepancy, job.discrepancyClass)
  }

  func outcome(_ job: Job, _ plan: Plan) throws(AdvisorError) -> Outcome {
    guard plan.workers >= 1, plan.chunk >= 1 else {
      throw AdvisorError(
        .usage, "a plan of \(count(plan.workers, "worker")) and chunks of \(plan.chunk) cannot run",
        advice: "use at least one of each")
    }
    let costs = try costs.during(job)
    if plan.strategy == .pipeline {
      return try PipelinePlan(job, costs).outcome(try plan.slots(stages: job.stages.count), simulating: true)
    }
    let demand = try TaskDemand(job.stages, costs)
    if let name = plan.engine {
      guard let engine = profile.engines.first(where: { $0.name == name }) else {
        throw AdvisorError(
          .badData, "the profile knows nothing of \(name)",
          advice:
            "measure it with `advisor calibrate --engine …`, or name a profile that holds its costs: --profile FILE")
      }
      return try EnginePool(engine, job, demand, costs, maxWorkers: plan.workers).outcome(
        sizes: SizeCache(), simulating: true)
    }
    let pool = try PoolPlan(plan.strategy, demand, tasks: job.stages[0].count, costs)
    return pool.outcome(workers: plan.workers, chunk: plan.chunk, simulating: true, sizes: SizeCache())
  }
}

extension Machine.Limits {
  /// What may make the advice wrong, since it could not be read.
  fileprivate var caveatsOfAdvice: [Caveat] {
    unreadable.map { .unreadableLimits(limits: $0.limits, mayBeLower: $0.mayBeLower, cause: $0.cause, file: $0.file) }
  }
}

extension Goal {
  /// - Throws: `.usage` for limits that nothing could meet.
  func validate() throws(AdvisorError) {
    if let maxWorkers, maxWorkers < 1 {
      throw AdvisorError(
        .usage, "no job runs with \(maxWorkers) workers", advice: "allow at least one: --max-workers 1")
    }
    if let deadlineSeconds, !(deadlineSeconds > 0) {
      throw AdvisorError(
        .usage, "a deadline of \(deadlineSeconds) s is over already", advice: "give a time such as 30s")
    }
    if let memoryLimitBytes, !(memoryLimitBytes > 0) {
      throw AdvisorError(
        .usage, "nothing runs in \(memoryLimitBytes) bytes of memory", advice: "give a limit such as 4GiB")
    }
  }
}

extension Plan {
  /// - Throws: `.usage` where the plan is of another number of stages, or leaves one without workers.
  fileprivate func slots(stages: Int) throws(AdvisorError) -> [Int] {
    let slots = stageWorkers(stages: stages)
    guard slots.count == stages, slots.allSatisfy({ $0 >= 1 }) else {
      throw AdvisorError(
        .usage, "the plan has workers for \(slots.count) stages, but the job has \(stages)",
        advice: "give each stage at least one worker")
    }
    return slots
  }
}
