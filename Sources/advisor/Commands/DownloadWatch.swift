import AdvisorCore
import Console
import CostModel
import Downloads
import Tasks

/// Follows downloads, and the command that processes them where there is one: shows how far they are, names failures, and
/// remembers what the first ones cost.
final class DownloadWatch: DownloadObserver, CommandObserver {
  /// The first of a stage, from which the whole run is predicted.
  private struct Pilot {
    let size: Int
    var count = 0
    var seconds = 0.0
    var cpuSeconds = 0.0
    var memoryBytes = 0.0
    /// The sum over them of the tasks that were under way when each ended.
    var running = 0
    /// Workers when the pilot had ended.
    var workers: Int?

    var isOver: Bool { count >= size }

    var conditions: PilotConditions { PilotConditions(running: running, calls: count) }

    mutating func add(seconds: Double, cpuSeconds: Double = 0, memoryBytes: Double = 0, running: Int = 1) {
      guard !isOver else { return }
      count += 1
      self.seconds += seconds
      self.cpuSeconds += cpuSeconds
      self.running += running
      self.memoryBytes = max(self.memoryBytes, memoryBytes)
    }
  }

  /// More failures and remarks than these are counted, not named.
  private static let maxNamed = 20

  let bar = ProgressBar("downloading")
  private let total: Int
  private let folder: String
  private var downloads: Pilot
  private var tasks: Pilot
  private var forecast: DownloadForecast
  private var fetched = DownloadProgress()
  private var processed: CommandProgress?
  /// Of each stage by itself: the slower one decides.
  private var downloadTimes = RemainingTime()
  private var taskTimes = RemainingTime()
  private var cpuUse = CPUUse()
  private var named = 0

  init(_ total: Int, into folder: String, cpus: Double) {
    self.total = total
    self.folder = folder
    forecast = DownloadForecast(total)
    downloads = Pilot(size: max(1, min(8, total / 4)))
    tasks = Pilot(size: max(1, min(2 * Int(cpus.rounded(.up)), total / 4)))
  }

  func downloadEnded(_ outcome: DownloadOutcome) {
    if let news = outcome.failure ?? outcome.remark { name(news) }
    guard outcome.ending == .succeeded else { return }
    downloads.add(seconds: outcome.seconds)
    forecast.add()
    downloadTimes.add(wallSeconds: outcome.seconds)
  }

  func taskEnded(_ outcome: CommandOutcome) {
    if !outcome.succeeded { name(outcome.text) }
    taskTimes.add(wallSeconds: outcome.wallSeconds)
    tasks.add(
      seconds: max(outcome.cpuSeconds, outcome.wallSeconds - outcome.queuedSeconds), cpuSeconds: outcome.cpuSeconds,
      memoryBytes: Double(outcome.maxRSSBytes ?? 0), running: outcome.running)
  }

  func failedBefore(_ text: String) { name(text) }

  func progressed(_ progress: DownloadProgress) {
    fetched = progress
    if downloads.isOver, downloads.workers == nil { downloads.workers = progress.maxInFlight }
    if processed == nil { draw() }
  }

  func progressed(_ progress: CommandProgress) {
    processed = progress
    if tasks.isOver, tasks.workers == nil { tasks.workers = progress.workers }
    draw()
  }

  func willWrite() { bar.clear() }

  private func draw() {
    guard bar.isShown else { return }
    let done = processed.map { $0.done + $0.skipped + fetched.failed } ?? fetched.done
    let rate = fetched.seconds > 0 ? Double(fetched.bytes) / fetched.seconds : 0
    var notes = ["\(fetched.done)/\(total)", "\(Quantity.text(bytes: rate))/s"]
    let failed = fetched.failed + (processed?.failed ?? 0)
    if failed > 0 { notes.append("\(failed) failed") }
    if let left = left(done: done) { notes.append("\(Quantity.text(secondsFrom: left)) left") }
    notes.append("\(fetched.inFlight) in flight")
    if let processed { notes.append("\(processed.done) processed by \(processed.workers)") }
    if let busy = cpuUse.measure() { notes.append(busy) }
    if let memory = processed?.memory { notes.append(memory.text) }
    let reason = processed?.reason ?? fetched.reason
    if !reason.isEmpty { notes.append("(\(reason))") }
    bar.draw(Double(done) / Double(max(1, total)), notes)
  }

  /// The longer of what both stages still take by themselves.
  private func left(done: Int) -> ClosedRange<Double>? {
    let toFetch = max(0, total - fetched.done)
    let fetching = downloadTimes.range(left: toFetch, workers: max(1, toFetch > 0 ? fetched.inFlight : 1))
    guard let processed else { return toFetch > 0 ? fetching : nil }
    guard total > done, let processing = taskTimes.range(left: total - done, workers: max(1, processed.workers)) else {
      return toFetch > 0 ? fetching : nil
    }
    guard toFetch > 0, let fetching else { return processing }
    return max(fetching.lowerBound, processing.lowerBound)...max(fetching.upperBound, processing.upperBound)
  }

  private func name(_ news: String) {
    named += 1
    guard named <= Self.maxNamed else { return }
    bar.clear()
    Terminal.note(news + (named == Self.maxNamed ? "\nfurther ones are counted, not named" : ""))
  }

  /// Predicted beside observed. With a command the prediction is made of what the first of each stage cost and the workers
  /// of then; of downloads alone, of how fast the first of them came. The plan says how many were in flight at most.
  func record(_ fetched: DownloadProgress, _ processed: CommandProgress?, model: CostModel?) -> RunRecord {
    let inFlight = max(1, fetched.maxInFlight)
    var stages = [stage(.wait, downloads, count: total)]
    var plan = Plan(strategy: .async, workers: inFlight)
    var pilotPlan = plan
    var pilotsLeave = downloads.count > 0 && downloads.isOver && fetched.succeeded > downloads.count
    if let processed {
      let workers = max(1, min(tasks.workers ?? processed.workers, total))
      stages.append(stage(.command, tasks, count: total))
      plan = .pipeline([inFlight, workers])
      pilotPlan = .pipeline([max(1, downloads.workers ?? inFlight), workers])
      pilotsLeave = pilotsLeave && tasks.isOver && processed.done > tasks.count
    }
    let job = Job(text: "\(total) download\(total == 1 ? "" : "s") into \(folder.printable)", stages: stages)
    var predicted = forecast.prediction
    if processed != nil {
      predicted =
        pilotsLeave ? model.flatMap { try? $0.measured(in: tasks.conditions).predict(job, plan: pilotPlan) } : nil
    }
    var record = RunRecord(job: job, plan: plan, predicted: predicted, observed: observed(fetched, processed))
    record.downloads = RunRecord.Downloads(
      bytes: fetched.bytes, skipped: fetched.skipped, retries: fetched.retries, failed: fetched.failed)
    return record
  }

  private func stage(_ kind: Stage.Kind, _ pilot: Pilot, count: Int) -> Stage {
    let mean = pilot.seconds / Double(max(1, pilot.count))
    let cpu = pilot.cpuSeconds / Double(max(1, pilot.count))
    guard kind == .command else { return Stage(kind: kind, count: max(1, count), size: .seconds(max(mean, 1e-6))) }
    return Stage(
      kind: kind, count: max(1, count), size: .seconds(max(cpu, 1e-6)),
      memoryBytes: pilot.memoryBytes > 0 ? pilot.memoryBytes : nil, latencySeconds: max(0, mean - cpu))
  }

  private func observed(_ fetched: DownloadProgress, _ processed: CommandProgress?) -> RunRecord.Observed {
    RunRecord.Observed(
      seconds: max(fetched.seconds, processed?.seconds ?? 0),
      cpuSeconds: fetched.cpuSeconds + (processed?.cpuSeconds ?? 0),
      tasks: processed.map { $0.done + $0.skipped + fetched.failed } ?? fetched.done,
      failed: fetched.failed + (processed.map { $0.failed + $0.failedBefore } ?? 0), maxRSSBytes: processed?.maxRSSBytes
    )
  }
}

extension Plan {
  fileprivate static func pipeline(_ workers: [Int]) -> Plan {
    Plan(strategy: .pipeline, workers: workers.reduce(0, +), stageWorkers: workers)
  }
}
