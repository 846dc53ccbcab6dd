import AdvisorCore
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

  /// The same meter with the measuring thread on one CPU for as long as a batch lasts.
  func pinned(to cpu: Int) -> Meter {
    var meter = self
    meter.perform = { count throws(AdvisorError) in
      try Affinity.confined(to: [cpu]) { () throws(AdvisorError) in try perform(count) }
    }
    return meter
  }
}
