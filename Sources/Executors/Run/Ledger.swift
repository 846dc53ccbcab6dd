import AdvisorCore
import Workloads
import System

/// What the workers of one run report, gathered.
final class Ledger: Sendable {
  private struct Entries: Sendable {
    var tally = Tally()
    var lastReady: UInt64
    var error: AdvisorError?
    var maxRSSBytes: Int?
    var replacedWorkers = 0
  }

  private let start: UInt64
  private let entries: Monitor<Entries>

  /// Starts the clock.
  init() {
    start = MonotonicClock.now
    entries = Monitor(Entries(lastReady: start))
  }

  /// Notes that a worker can take its first task.
  func noteReady() {
    let now = MonotonicClock.now
    entries.withLock { $0.lastReady = max($0.lastReady, now) }
  }

  func add(_ tally: Tally) { entries.withLock { $0.tally.merge(tally) } }

  /// Notes why a worker cannot work; the first reason is the run's.
  func fail(_ error: AdvisorError) { entries.withLock { $0.error = $0.error ?? error } }

  func noteReplacement() { entries.withLock { $0.replacedWorkers += 1 } }

  func note(maxRSSBytes: Int) { entries.withLock { $0.maxRSSBytes = max($0.maxRSSBytes ?? 0, maxRSSBytes) } }

  /// Stops the clock.
  ///
  /// - Parameter count: the tasks that there were to do.
  /// - Throws: the first reason why a worker could not work.
  func close(count: Int) throws(AdvisorError) -> JobRun {
    let end = MonotonicClock.now
    let entries = entries.withLock { $0 }
    if let error = entries.error { throw error }
    return JobRun(
      outcome: RunOutcome(
        seconds: Double(end - start) / 1e9, cpuSeconds: entries.tally.cpuSeconds, tasks: entries.tally.done,
        failed: entries.tally.failed, left: max(0, count - entries.tally.done), maxRSSBytes: entries.maxRSSBytes),
      startUpSeconds: Double(entries.lastReady - start) / 1e9, failures: entries.tally.failures,
      durations: entries.tally.durations, replacedWorkers: entries.replacedWorkers)
  }
}
