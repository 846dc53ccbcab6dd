public import AdvisorCore

/// A prediction of a run under way, by what its first tasks have cost: how long it takes in all, and what is left.
///
/// Tasks that have ended go in, times come out; it reads no clock.
public struct RunForecast: Sendable {
  private let cpus: Double
  private let prior: RunPrior?
  private let present: PresentLoad?
  public private(set) var pilot: TaskPilot
  private var times = TaskTimes()
  private var ended = EndedCalls()
  /// What had ended when the pilot was over.
  private var first: [EndedCalls.Call]?
  /// Calls that have ended.
  private var calls = 0
  /// The share of the work after which the prediction is made again.
  private static let revisedAt = 0.1

  /// - Parameters:
  ///   - cpus: CPUs' worth of time that the tasks may use.
  ///   - total: tasks of the run; nil where that is unknown.
  ///   - pilotSeconds: of tasks, together, that are seen before anything is said of the whole run.
  ///   - prior: what past runs of the same say.
  ///   - present: what else wanted the CPUs when it began; nil where that is not known.
  public init(
    cpus: Double, total: Int? = nil, pilotSeconds: Double = 0, prior: RunPrior? = nil, present: PresentLoad? = nil
  ) {
    self.cpus = cpus
    (self.prior, self.present) = (prior, present)
    pilot = TaskPilot(cpus: cpus, total: total, minSeconds: pilotSeconds)
  }

  /// Takes in a call that has ended.
  ///
  /// - Parameters:
  ///   - seconds: since the run began; nil where that is not known.
  ///   - isTypical: whether it tells what others will take.
  public mutating func add(_ usage: TaskUsage, at seconds: Double? = nil, isTypical: Bool = true) {
    calls += 1
    times.add(wallSeconds: usage.wallSeconds, tasks: usage.weight)
    guard isTypical else { return }
    pilot.add(usage)
    ended.add(usage, at: seconds)
    if first == nil, pilot.isOver { first = ended.calls }
  }

  /// Takes in how many workers there are, and the CPU time of the thread that hands tasks to them, for each.
  public mutating func note(workers: Int, dispatchSeconds: Double) {
    pilot.note(workers: workers, dispatchSeconds: dispatchSeconds)
  }

  /// Seconds until a number of further tasks has been done; nil before two have ended.
  ///
  /// What those that ended took from each other where more ran at once is none of it.
  ///
  /// - Parameter bytes: of the files that they are given, all together; nil where that is not known.
  public func left(_ tasks: Int, bytes: Double? = nil, workers: Int) -> Prediction.Seconds? {
    let seconds = { (usage: TaskUsage) in usage.wallSeconds(besideAtMost: workers, cpus: cpus) }
    guard let bytes, tasks > 0, let fit = EndedCalls.fit(ended.calls[...], atMost: 64, seconds) else {
      return ended.times(seconds).left(tasks, workers: workers) ?? times.left(tasks, workers: workers)
    }
    let (count, workers) = (Double(tasks), Double(max(1, min(workers, tasks))))
    let middle = fit.seconds(tasks: count, bytes: bytes) / workers
    let half = 1.645 * middle * fit.relativeDeviation(tasks: count, bytes: bytes)
    // At the end the last task may run alone.
    let alone = middle * workers / count * (1 - 1 / workers)
    return Prediction.Seconds(p5: max(0, middle - half), p50: middle, p95: middle + half + alone)
  }

  /// The run as a job of the cost model.
  public func job(_ text: String, tasks: Int) -> Job {
    Job(text: text, stages: [pilot.commandStage(tasks: tasks)])
  }

  /// Predicted beside observed; the prediction is made of the first tasks' cost and the workers chosen then.
  ///
  /// - Parameters:
  ///   - command: as it may have been typed.
  ///   - workers: at the end.
  ///   - model: of a profile; nil where there is none. What others take is told by the tasks' own queues.
  ///   - isBatched: whether calls did several tasks: the first batches say little of those to come.
  public func record(
    of command: String, _ outcome: RunOutcome, workers: Int, model: CostModel?, isBatched: Bool = false
  ) -> RunRecord {
    let model = try? model?.beside(PresentLoad(threads: 0)).measured(in: pilot.conditions)
    let plan = Plan(strategy: .processes, workers: max(1, min(pilot.workers ?? workers, calls)))
    let tasks = max(1, outcome.tasks)
    // What was over before anything could be predicted was not predicted.
    guard !isBatched, let first, pilot.tasks < outcome.tasks else {
      return RunRecord(job: job(command, tasks: tasks), plan: plan, predicted: nil, observed: outcome)
    }
    let early = view(first[...], command, tasks: tasks, workers: plan.workers, model)
    var record = RunRecord(
      job: early.job, plan: plan, predicted: early.prediction(workers: plan.workers), observed: outcome)
    let later = ended.first(share: Self.revisedAt)
    var latest = early
    if later.count > first.count {
      latest = view(later, command, tasks: tasks, workers: workersAtWork(later), model)
      record.revise(latest.prediction(workers: latest.workers).seconds, at: Self.revisedAt)
    }
    record.usual = latest.usual()
    return record
  }

  private func view(
    _ calls: ArraySlice<EndedCalls.Call>, _ command: String, tasks: Int, workers: Int, _ model: CostModel?
  ) -> RunWitness {
    RunWitness(
      calls, of: ended, pilot, command, tasks: tasks, workers: workers, cpus: cpus, model: model, prior: prior,
      present: present)
  }

  /// How many had been at work of late.
  private func workersAtWork(_ calls: ArraySlice<EndedCalls.Call>) -> Int {
    max(1, calls.suffix(8).map(\.usage.running).max() ?? 1)
  }

  /// Predicted beside observed, of calls of a function.
  ///
  /// - Parameter predicted: by a ``CallForecast`` of the first calls; nil where the run was over before there was one.
  public func record(ofCalls function: String, _ outcome: RunOutcome, plan: Plan, predicted: Prediction?) -> RunRecord {
    let calls = max(1, outcome.tasks)
    let isPredicted = pilot.tasks < outcome.tasks
    let means = pilot.means
    let loop = RunRecord.Usual(
      command: "a plain loop", seconds: Double(calls) * (means.cpuSeconds + means.waitSeconds))
    var record = RunRecord(
      job: job(function, tasks: calls), plan: plan, predicted: isPredicted ? predicted : nil, observed: outcome,
      usual: isPredicted && plan.workers > 1 ? loop : nil)
    let later = ended.first(share: Self.revisedAt)
    if isPredicted, let predicted, later.count > first?.count ?? 0 {
      let witness = view(later, function, tasks: calls, workers: workersAtWork(later), nil)
      record.revise(witness.correct(predicted).seconds, at: Self.revisedAt)
    }
    return record
  }
}
