import AdvisorCore
import Console
import CostModel
import Downloads
import Reports
import System
import Tasks

/// Follows downloads, and the command that processes them where there is one: shows how far they are and names failures.
final class DownloadWatch: DownloadObserver, RunObserver {
  let bar = ProgressBar("downloading")
  private let total: Int
  private let folder: String
  private var forecast: DownloadForecast
  private let startedAt = MonotonicClock.now
  private let startCPU = CPUClock.thread
  private var fetched = DownloadProgress()
  private var processed: RunProgress?
  private var cpuUse = CPUUse()
  private var failures = FailureNotes()

  init(_ total: Int, into folder: String, cpus: Double) {
    self.total = total
    self.folder = folder
    forecast = DownloadForecast(total, cpus: cpus)
  }

  func downloadEnded(_ outcome: DownloadOutcome) {
    if let news = outcome.failure ?? outcome.remark { failures.name(news, over: bar) }
    guard outcome.ending == .succeeded else { return }
    forecast.landed(
      TaskUsage(wallSeconds: outcome.seconds), at: Double(MonotonicClock.now - startedAt) / 1e9,
      cpuSeconds: Double(CPUClock.thread - startCPU) / 1e9)
  }

  func taskEnded(_ outcome: TaskOutcome) {
    if !outcome.succeeded { failures.name(outcome.text, over: bar) }
    forecast.processed(outcome.usage)
  }

  func failedBefore(_ text: String) { failures.name(text, over: bar) }

  func progressed(_ progress: DownloadProgress) {
    fetched = progress
    forecast.note(maxInFlight: progress.maxInFlight)
    if processed == nil { draw() }
  }

  func progressed(_ progress: RunProgress) {
    processed = progress
    forecast.note(workers: progress.workers)
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
    if let left = left(done: done) { notes.append("\(Quantity.text(secondsFrom: left.interval)) left") }
    notes.append("\(fetched.inFlight) in flight")
    if let processed { notes.append("\(processed.done) processed by \(processed.workers)") }
    if let busy = cpuUse.measure() { notes.append(busy) }
    if let memory = processed?.memory { notes.append(memory.text) }
    if let reason = processed?.reason ?? fetched.reason { notes.append("(\(Sentences().text(reason)))") }
    bar.draw(Double(done) / Double(max(1, total)), notes)
  }

  private func left(done: Int) -> Prediction.Seconds? {
    forecast.left(
      fetching: .init(left: total - fetched.done, workers: fetched.inFlight),
      processing: processed.map { .init(left: total - done, workers: $0.workers) })
  }

  /// Predicted beside observed, of downloads alone.
  func record(_ fetched: DownloadProgress) -> RunRecord {
    record(forecast.record(into: folder, fetched.outcome, maxInFlight: fetched.maxInFlight), fetched)
  }

  /// Predicted beside observed, of downloads and their command.
  func record(_ summary: DownloadPipeline.Summary, model: CostModel?) -> RunRecord {
    let (fetched, processed) = (summary.downloads.progress, summary.commands.progress)
    return record(
      forecast.record(
        into: folder, summary.outcome, maxInFlight: fetched.maxInFlight, workers: processed.workers,
        fetched: fetched.succeeded, processed: processed.done, model: model), fetched)
  }

  private func record(_ record: RunRecord, _ fetched: DownloadProgress) -> RunRecord {
    var record = record
    record.downloads = RunRecord.Downloads(
      bytes: fetched.bytes, skipped: fetched.skipped, retries: fetched.retries, failed: fetched.failed,
      hosts: fetched.hosts)
    return record
  }
}
