import AdvisorCore
import Console
import CostModel
import Probe
import Reports
import Tasks

/// Follows a run of tasks: shows its progress and what is left, and names its failures.
final class TaskWatch: RunObserver {
  let bar: ProgressBar
  private(set) var forecast: RunForecast
  private var cpuUse = CPUUse()
  private var reason = (text: "", since: 0.0)
  private var failures = FailureNotes()
  /// Seconds since 1970.
  private var startedAt = Double.infinity

  /// - Parameters:
  ///   - total: tasks of the run; nil where that is unknown.
  ///   - pilotSeconds: of tasks, together, that are seen before anything is said of the whole run.
  ///   - showsProgress: not where a task writes to the terminal itself.
  ///   - prior: what past runs of the same say.
  init(
    cpus: Double, total: Int? = nil, pilotSeconds: Double = 0, showsProgress: Bool = true, prior: RunPrior? = nil
  ) {
    bar = ProgressBar("running", isWanted: showsProgress)
    forecast = RunForecast(cpus: cpus, total: total, pilotSeconds: pilotSeconds, prior: prior)
  }

  func taskEnded(_ outcome: TaskOutcome) { taskEnded(outcome, isTypical: true) }

  /// - Parameter isTypical: whether it tells what others will take.
  func taskEnded(_ outcome: TaskOutcome, isTypical: Bool) {
    if !outcome.succeeded, outcome.ending != .stopped { failures.name(outcome.text, over: bar) }
    // The first to start did so when the run began.
    startedAt = min(startedAt, outcome.startedAt)
    forecast.add(outcome.usage, at: outcome.startedAt + outcome.wallSeconds - startedAt, isTypical: isTypical)
  }

  func progressed(_ progress: RunProgress) {
    forecast.note(workers: progress.workers, dispatchSeconds: progress.dispatchSeconds)
    guard bar.isShown else { return }
    let text = progress.reason.map(Sentences().text) ?? ""
    if text != reason.text { reason = (text, progress.seconds) }
    bar.draw(progress.total.map { Double(progress.done + progress.skipped) / Double(max(1, $0)) }, notes(progress))
  }

  func willWrite() { bar.clear() }

  /// The most important first. Why there are so many workers comes early while it is news, and last when it is not.
  private func notes(_ progress: RunProgress) -> [String] {
    let rate = progress.seconds > 0 ? Double(progress.done) / progress.seconds : 0
    var notes = ["\(progress.done)\(progress.total.map { "/\($0)" } ?? "")", "\(Quantity.significant(rate))/s"]
    if progress.failed > 0 { notes.append("\(progress.failed) failed") }
    if let left = progress.left, left > 0,
      let seconds = forecast.left(left, bytes: progress.fileBytesLeft, workers: progress.workers)
    {
      notes.append("\(Quantity.text(secondsFrom: seconds.interval)) left")
    }
    notes.append("\(progress.workers) worker\(progress.workers == 1 ? "" : "s")")
    let place = notes.endIndex
    if let busy = cpuUse.measure() { notes.append(busy) }
    if let memory = progress.memory { notes.append(memory.text) }
    guard !reason.text.isEmpty else { return notes }
    let isNews = progress.seconds - reason.since < 3
    notes.insert("(\(reason.text))", at: isNews ? place : notes.endIndex)
    return notes
  }

  func failedBefore(_ text: String) { failures.name(text, over: bar) }

  /// Predicted beside observed.
  func record(of words: CommandLineWords, _ summary: RunSummary, model: CostModel?, isBatched: Bool) -> RunRecord {
    forecast.record(
      of: ShellQuoting.typed(words.command), summary.progress.outcome,
      workers: summary.progress.workers, model: model, isBatched: isBatched)
  }

  func noted(_ text: String) {
    bar.clear()
    Terminal.note(text)
  }
}
