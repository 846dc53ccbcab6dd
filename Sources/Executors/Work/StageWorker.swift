import AdvisorCore
import Workloads
import System

/// Does one stage for one worker, on the thread that made it.
protocol StageWorker: AnyObject {
  /// Does so much work of a task, or less of it when cancelled.
  func run(_ task: Int, units: Int, _ cancellation: Cancellation) throws(AdvisorError)
}

extension StageWork {
  /// Makes a worker of this stage; opens its files and touches its memory.
  ///
  /// - Parameter index: of the worker, so that no two draw the same random numbers.
  func makeWorker(_ index: Int) throws(AdvisorError) -> any StageWorker {
    let seed = UInt64(index) + 1
    switch load {
    case .kernel(let kernel): return KernelWorker(kernel.makeWorkload(seed: seed))
    case .stream: return KernelWorker(try StreamWorkload())
    case .read(let path, let blockBytes):
      return KernelWorker(try ReadWorkload(path: path, blockBytes: blockBytes, seed: seed))
    case .wait: return WaitWorker()
    case .fetch(let address): return try FetchWorker(address)
    case .given(let make): return try make(index)
    }
  }
}

/// Runs a workload in slices.
private final class KernelWorker: StageWorker {
  private let workload: any Workload
  private var checksum: UInt64 = 0

  init(_ workload: any Workload) { self.workload = workload }

  func run(_ task: Int, units: Int, _ cancellation: Cancellation) throws(AdvisorError) {
    var remaining = units
    let sliceUnits = workload.sliceUnits
    while remaining > 0, !cancellation.isCancelled {
      let slice = min(remaining, sliceUnits)
      checksum ^= try workload.run(units: slice)
      remaining -= slice
    }
  }
}

/// Sleeps; a unit is a nanosecond.
private final class WaitWorker: StageWorker {
  func run(_ task: Int, units: Int, _ cancellation: Cancellation) throws(AdvisorError) {
    let deadline = MonotonicClock.now + UInt64(units)
    while !cancellation.isCancelled {
      let now = MonotonicClock.now
      guard now < deadline else { return }
      MonotonicClock.sleep(until: min(deadline, now + Cancellation.patience))
    }
  }
}
