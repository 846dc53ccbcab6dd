import AdvisorCore
import Executors
import Probe
import System

extension Meter {
  /// A thread started, pinned and joined, as the executor of threads does it.
  static func threadStart(_ placement: FixedCost.Placement, on cpu: Int) -> Meter {
    Meter(.threadStart, placement) { count throws(AdvisorError) in
      let start = MonotonicClock.seconds
      for _ in 0..<count {
        try WorkerThread { Affinity.pinCurrentThread(to: [cpu]) }.join()
      }
      return MonotonicClock.seconds - start
    }
  }

  /// A group of threads with one small task each, as the executor of threads runs them; per thread.
  static func teamStart(threads: Int) -> Meter {
    Meter(.teamStart, .unpinned) { count throws(AdvisorError) in
      var seconds = 0.0
      for _ in 0..<count { seconds += try run(.threads, workers: threads).outcome.seconds / Double(threads) }
      return seconds
    }
  }

  /// The same meter with the measuring thread on one CPU for as long as a batch lasts.
  func pinned(to cpu: Int) -> Meter {
    var meter = self
    meter.perform = { count throws(AdvisorError) in
      try Affinity.confined(to: [cpu]) { () throws(AdvisorError) in try perform(count) }
    }
    return meter
  }
}
