import AdvisorCore
import Console
import CostModel
import Probe
import Reports
import Tasks

/// Follows a run of tasks: shows its progress and what is left, and names its failures.
final class TaskWatch: RunObserver {
  let display: RunDisplay
  private(set) var forecast: RunForecast
  private var cpuUse = CPUUse()
  private var failures = FailureNotes()
  /// Seconds since 1970.
  private var startedAt = Double.infinity
  private var lastFailure: String?

  /// - Parameters:
  ///   - total: tasks of the run; nil where that is unknown.
  ///   - pilotSeconds: of tasks, together, that are seen before anything is said of the whole run.
  ///   - display: where it is shown.
  ///   - prior: what past runs of the same say.
  init(
    cpus: Double, total: Int? = nil, pilotSeconds: Double = 0, _ display: RunDisplay, prior: RunPrior? = nil
  ) {
    self.display = display
    forecast = RunForecast(
      cpus: cpus, total: total, pilotSeconds: pilotSeconds, prior: prior, present: .reading(attempts: 1))
  }

  func taskEnded(_ outcome: TaskOutcome) { taskEnded(outcome, isTypical: true) }

  /// - Parameter isTypical: whether it tells what others will take.
  func taskEnded(_ outcome: TaskOutcome, isTypical: Bool) {
    if !outcome.succeeded, outcome.ending != .stopped {
      failures.name(outcome.text, over: display)
      let line = outcome.lastLine.map { ": " + String(decoding: $0, as: UTF8.self) } ?? " \(outcome.ending.text)"
      lastFailure = "task \(outcome.sequence)\(line)"
    }
    // The first to start did so when the run began.
    startedAt = min(startedAt, outcome.startedAt)
    forecast.add(outcome.usage, at: outcome.startedAt + outcome.wallSeconds - startedAt, isTypical: isTypical)
  }

  func progressed(_ progress: RunProgress) {
    forecast.note(workers: progress.workers, dispatchSeconds: progress.dispatchSeconds)
    display.show {
      let left = progress.left.flatMap {
        $0 > 0 ? forecast.left($0, bytes: progress.fileBytesLeft, workers: progress.workers) : nil
      }
      return RunStatus(progress: progress, left: left?.interval, cpu: cpuUse.measure(), failure: lastFailure)
    }
  }

  func willWrite() { display.clear() }
  func willStop() { display.willStop() }
  func didContinue() { display.didContinue() }

  func failedBefore(_ text: String) { failures.name(text, over: display) }

  /// Predicted beside observed.
  func record(of words: CommandLineWords, _ summary: RunSummary, model: CostModel?, isBatched: Bool) -> RunRecord {
    forecast.record(
      of: ShellQuoting.typed(words.command), summary.progress.outcome,
      workers: summary.progress.workers, model: model, isBatched: isBatched)
  }

  func noted(_ text: String) {
    display.clear()
    Terminal.note(text)
  }
}
