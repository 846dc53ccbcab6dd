public import AdvisorCore

/// A prediction of a run under way, by what its first tasks have cost: how long it takes in all, and what is left.
///
/// Tasks that have ended go in, times come out; it reads no clock.
public struct RunForecast: Sendable {
  private let cpus: Double
  public private(set) var pilot: TaskPilot
  private var times = TaskTimes()
  /// Calls that have ended.
  private var calls = 0

  /// - Parameters:
  ///   - cpus: CPUs' worth of time that the tasks may use.
  ///   - total: tasks of the run; nil where that is unknown.
  ///   - pilotSeconds: of tasks, together, that are seen before anything is said of the whole run.
  public init(cpus: Double, total: Int? = nil, pilotSeconds: Double = 0) {
    self.cpus = cpus
    pilot = TaskPilot(cpus: cpus, total: total, minSeconds: pilotSeconds)
  }

  /// Takes in a call that has ended.
  ///
  /// - Parameter isTypical: whether it tells what others will take.
  public mutating func add(_ usage: TaskUsage, isTypical: Bool = true) {
    calls += 1
    if isTypical { pilot.add(usage) }
    times.add(wallSeconds: usage.wallSeconds, tasks: usage.weight)
  }

  /// Takes in how many workers there are, and the CPU time of the thread that hands tasks to them, for each.
  public mutating func note(workers: Int, dispatchSeconds: Double) {
    pilot.note(workers: workers, dispatchSeconds: dispatchSeconds)
  }

  /// Seconds until a number of further tasks has been done; nil before two have ended.
  public func left(_ tasks: Int, workers: Int) -> Prediction.Seconds? { times.left(tasks, workers: workers) }

  /// The run as a job of the cost model.
  public func job(_ text: String, tasks: Int) -> Job {
    Job(text: text, stages: [pilot.commandStage(tasks: tasks)])
  }

  /// Predicted beside observed; the prediction is made of the first tasks' cost and the workers chosen then.
  ///
  /// - Parameters:
  ///   - command: as it may have been typed.
  ///   - workers: at the end.
  ///   - model: of a profile; nil where there is none.
  ///   - isBatched: whether calls did several tasks: the first batches say little of those to come.
  public func record(
    of command: String, _ outcome: RunOutcome, workers: Int, model: CostModel?, isBatched: Bool = false
  ) -> RunRecord {
    let model = model?.measured(in: pilot.conditions)
    let plan = Plan(strategy: .processes, workers: max(1, min(pilot.workers ?? workers, calls)))
    let job = job(command, tasks: max(1, outcome.tasks))
    // What was over before anything could be predicted was not predicted.
    let isPredicted = !isBatched && pilot.isOver && pilot.tasks < outcome.tasks
    return RunRecord(
      job: job, plan: plan, predicted: isPredicted ? predict(job, plan, model) : nil, observed: outcome,
      usual: isPredicted ? usual(job, model) : nil)
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
    return RunRecord(
      job: job(function, tasks: calls), plan: plan, predicted: isPredicted ? predicted : nil, observed: outcome,
      usual: isPredicted && plan.workers > 1 ? loop : nil)
  }

  private func predict(_ job: Job, _ plan: Plan, _ model: CostModel?) -> Prediction {
    (try? model?.predict(job, plan: plan))
      ?? pilot.prediction(tasks: job.stages[0].count, workers: plan.workers, cpus: cpus)
  }

  /// What most people would have typed instead.
  private func usual(_ job: Job, _ model: CostModel?) -> RunRecord.Usual {
    let workers = max(1, Int(cpus.rounded(.up)))
    let plan = Plan(strategy: .processes, workers: workers)
    return RunRecord.Usual(command: "xargs -P \(workers)", seconds: predict(job, plan, model).seconds.p50)
  }
}
