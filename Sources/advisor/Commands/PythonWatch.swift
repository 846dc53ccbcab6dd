import AdvisorCore
import CostModel
import Engines
import Reports
import System
import Tasks

/// Follows the calls of a Python function: predicts the whole run when its first calls have ended, and says so where it is long.
final class PythonWatch: RunObserver {
  /// What was known when the first calls had ended.
  private struct Outlook {
    var forecast: CallForecast
    var concurrency: PythonConcurrency

    func prediction(calls: Int) -> Prediction {
      forecast.prediction(
        calls: calls, workers: concurrency.workers, rounds: concurrency.rounds(of: calls),
        interpreters: concurrency.interpreters)
    }
  }

  private let watch: TaskWatch
  private let function: String
  private let cpus: Double
  private unowned let engine: PythonEngine
  private var outlook: Outlook?
  private var didAnnounce = false
  /// Seconds since 1970: calls that began before it ran beside others to find out what the lock takes.
  private var trialEnd = 0.0

  private let isSilent: Bool

  /// - Parameter isSilent: where the record alone is wanted, and on a terminal how far it is.
  init(_ function: String, _ engine: PythonEngine, cpus: Double, isSilent: Bool = false) {
    // Short calls say little of what is around them until there have been many.
    let isShown = !isSilent || StandardStream.isTerminal(StandardStream.error)
    watch = TaskWatch(
      cpus: cpus, pilotSeconds: 0.25 * cpus, RunDisplay(isShown ? ProgressOptions.defaultStyle : .none))
    self.isSilent = isSilent
    self.function = function
    self.cpus = cpus
    self.engine = engine
  }

  func taskEnded(_ outcome: TaskOutcome) {
    if engine.concurrency.isTrial { trialEnd = max(trialEnd, outcome.startedAt + outcome.wallSeconds) }
    watch.taskEnded(outcome, isTypical: outcome.startedAt >= trialEnd)
    if outlook == nil, watch.forecast.pilot.isOver { outlook = look() }
  }

  func progressed(_ progress: RunProgress) {
    if let outlook, !didAnnounce {
      didAnnounce = true
      if let text = words(outlook, progress) { watch.noted(text) }
    }
    watch.progressed(progress)
  }

  func failedBefore(_ text: String) { watch.failedBefore(text) }

  func willWrite() { watch.willWrite() }
  func willStop() { watch.willStop() }

  func noted(_ text: String) {
    if !isSilent { watch.noted(text) }
  }

  private func look() -> Outlook {
    let (concurrency, overheads) = (engine.concurrency, engine.overheads)
    return Outlook(
      forecast: CallForecast(
        watch.forecast.pilot, startSeconds: overheads?.startSeconds ?? 0,
        aroundSeconds: overheads?.aroundSeconds ?? 0, handingSeconds: overheads?.handingSeconds ?? 0,
        ownSeconds: overheads?.ownSeconds ?? 0, threadSeconds: overheads?.threadSeconds ?? 0, cpus: cpus,
        lanes: concurrency.lanes),
      concurrency: concurrency)
  }

  /// What the run is likely to take; nil where that is over before it is read.
  private func words(_ outlook: Outlook, _ progress: RunProgress) -> String? {
    guard let total = progress.total, case let calls = total - progress.skipped, calls > watch.forecast.pilot.tasks
    else {
      return nil
    }
    let seconds = outlook.prediction(calls: calls).seconds
    guard seconds.p50 > progress.seconds + 1 else { return nil }
    return
      "predicted by the first \(count(watch.forecast.pilot.tasks, "call")): \(Quantity.text(seconds: seconds.p50)) "
      + "(\(Quantity.text(secondsFrom: seconds.interval))) for \(count(calls, "call")) in "
      + "\(StrategyText().word(outlook.concurrency.strategy)), \(min(outlook.concurrency.workers, calls)) at once"
  }

  /// Predicted beside observed.
  func record(_ progress: RunProgress) -> RunRecord {
    let calls = max(1, progress.done)
    let concurrency = outlook?.concurrency ?? engine.concurrency
    let plan = Plan(strategy: engine.concurrency.strategy, workers: max(1, min(concurrency.workers, calls)))
    var record = watch.forecast.record(
      ofCalls: function, progress.outcome, plan: plan, predicted: outlook?.prediction(calls: calls))
    // What was over before anything was known has none.
    if outlook != nil || calls > concurrency.workers { record.reasons = [engine.concurrency.reason] }
    record.startMethod = engine.chosenStart?.method.rawValue
    record.startMethodReason = engine.chosenStart?.reason
    return record
  }
}
