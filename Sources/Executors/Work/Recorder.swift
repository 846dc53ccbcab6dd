import Workloads
import System
import AdvisorCore

/// Times the tasks of one worker and counts them, chunk by chunk.
struct Recorder {
  private(set) var tally = Tally()
  private var chunkStart: UInt64 = 0
  private var lastEnd: UInt64 = 0
  private var doneBefore = 0
  private var failedBefore = 0
  private var timesEachTask = true
  /// Below this, in nanoseconds, reading the clock for each task would be a good part of the task: the next chunk is
  /// timed as a whole.
  private static let shortestTimed: UInt64 = 2000

  mutating func beginChunk() {
    chunkStart = MonotonicClock.now
    lastEnd = chunkStart
    doneBefore = tally.done
    failedBefore = tally.failed
  }

  /// Counts a task, which failed where there is a reason.
  mutating func end(_ task: Int, _ failure: String?) {
    tally.done += 1
    if let failure { tally.fail(task, failure) }
    guard timesEachTask else { return }
    let now = MonotonicClock.now
    tally.durations.record(now - lastEnd)
    lastEnd = now
  }

  mutating func endChunk(_ progress: Progress) {
    let done = tally.done - doneBefore
    guard done > 0 else { return }
    let mean = (MonotonicClock.now - chunkStart) / UInt64(done)
    if !timesEachTask { tally.durations.record(mean, times: done) }
    timesEachTask = mean >= Self.shortestTimed
    progress.add(done: done, failed: tally.failed - failedBefore)
  }

  /// Hands over what was counted so far, and counts on from zero.
  mutating func takeTally() -> Tally {
    defer { tally = Tally() }
    return tally
  }

  mutating func add(cpuNanoseconds: UInt64) { tally.cpuSeconds += Double(cpuNanoseconds) / 1e9 }
}
