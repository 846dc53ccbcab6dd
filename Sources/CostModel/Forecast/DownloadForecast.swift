public import AdvisorCore

/// A prediction of downloads under way, and of the command that processes the files where there is one.
///
/// Of downloads alone it is made of how fast the first of them came; with a command, of what the first of each stage cost.
public struct DownloadForecast: Sendable {
  private let total: Int
  private var arrivals: ArrivalForecast
  private var downloads: TaskPilot
  private var tasks: TaskPilot
  /// Of each stage by itself: the slower one decides.
  private var downloadTimes = TaskTimes()
  private var taskTimes = TaskTimes()

  /// Where a stage stands: how many of its tasks are left, and how many are done at once.
  public struct Stand: Sendable, Hashable {
    public var left: Int
    public var workers: Int

    public init(left: Int, workers: Int) {
      self.left = left
      self.workers = workers
    }
  }

  /// - Parameters:
  ///   - total: files in all.
  ///   - cpus: CPUs' worth of time that the command may use.
  public init(_ total: Int, cpus: Double) {
    self.total = total
    arrivals = ArrivalForecast(total)
    downloads = TaskPilot(size: max(1, min(8, total / 4)))
    tasks = TaskPilot(size: max(1, min(2 * Int(cpus.rounded(.up)), total / 4)))
  }

  /// Takes in a file that has come.
  ///
  /// - Parameters:
  ///   - usage: of its download.
  ///   - seconds: since the run began.
  ///   - cpuSeconds: of the thread that downloads, since then.
  public mutating func landed(_ usage: TaskUsage, at seconds: Double, cpuSeconds: Double) {
    downloads.add(usage)
    arrivals.add(at: seconds, cpuSeconds: cpuSeconds)
    downloadTimes.add(wallSeconds: usage.wallSeconds)
  }

  /// Takes in a file that the command has processed.
  public mutating func processed(_ usage: TaskUsage) {
    tasks.add(usage)
    taskTimes.add(wallSeconds: usage.wallSeconds)
  }

  /// Takes in how many downloads were in flight at most so far.
  public mutating func note(maxInFlight: Int) { downloads.note(workers: maxInFlight) }

  /// Takes in how many workers the command has.
  public mutating func note(workers: Int) { tasks.note(workers: workers) }

  /// The longer of what both stages still take by themselves; nil where neither tells yet, and where nothing is left.
  ///
  /// - Parameter processing: nil without a command.
  public func left(fetching: Stand, processing: Stand?) -> Prediction.Seconds? {
    let stages = [(downloadTimes, fetching), (taskTimes, processing ?? Stand(left: 0, workers: 1))]
    let times = stages.compactMap { times, stand in
      stand.left > 0 ? times.left(stand.left, workers: max(1, stand.workers)) : nil
    }
    guard let first = times.first else { return nil }
    return times.dropFirst().reduce(first) {
      Prediction.Seconds(p5: max($0.p5, $1.p5), p50: max($0.p50, $1.p50), p95: max($0.p95, $1.p95))
    }
  }

  /// Predicted beside observed, of downloads alone. The plan says how many were in flight at most.
  public func record(into folder: String, _ outcome: RunOutcome, maxInFlight: Int) -> RunRecord {
    var record = RunRecord(
      job: job(into: folder, [downloads.waitStage(tasks: max(1, total))]),
      plan: Plan(strategy: .async, workers: max(1, maxInFlight)), predicted: arrivals.prediction, observed: outcome)
    if let revised = arrivals.revised { record.revise(revised, at: ArrivalForecast.revisedAt) }
    return record
  }

  /// Predicted beside observed, of downloads and their command.
  ///
  /// - Parameters:
  ///   - workers: of the command at the end.
  ///   - fetched: files that were downloaded in this run.
  ///   - processed: calls of the command that have ended in it.
  ///   - model: of a profile; without one nothing is predicted.
  public func record(
    into folder: String, _ outcome: RunOutcome, maxInFlight: Int, workers: Int, fetched: Int, processed: Int,
    model: CostModel?
  ) -> RunRecord {
    let count = max(1, total)
    let job = job(into: folder, [downloads.waitStage(tasks: count), tasks.commandStage(tasks: count)])
    let inFlight = max(1, maxInFlight)
    let workers = max(1, min(tasks.workers ?? workers, total))
    let isPredicted =
      downloads.tasks > 0 && downloads.isOver && fetched > downloads.tasks && tasks.isOver && processed > tasks.tasks
    let pilotPlan = Plan(pipeline: [max(1, downloads.workers ?? inFlight), workers])
    return RunRecord(
      job: job, plan: Plan(pipeline: [inFlight, workers]),
      predicted: isPredicted ? try? model?.measured(in: tasks.conditions).predict(job, plan: pilotPlan) : nil,
      observed: outcome)
  }

  private func job(into folder: String, _ stages: [Stage]) -> Job {
    Job(text: "\(count(total, "download")) into \(folder.printable)", stages: stages)
  }
}

extension Plan {
  fileprivate init(pipeline workers: [Int]) {
    self.init(strategy: .pipeline, workers: workers.reduce(0, +), stageWorkers: workers)
  }
}
