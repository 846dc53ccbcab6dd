import AdvisorCore
import Probe
import Executors
import System

/// Items that flow through the pipeline's queue, from the measuring thread to one on a given CPU.
final class QueueFlow {
  /// Deep enough that neither side waits for the other at every item.
  private static let capacity = 16

  private let forward = BoundedQueue<Int>(capacity: capacity, givers: 1)
  private let back = BoundedQueue<Int>(capacity: 1, givers: 1)
  private let cancellation = Cancellation()
  private var thread: WorkerThread?

  init(on cpu: Int) throws(AdvisorError) {
    thread = try WorkerThread { [forward, back, cancellation] in
      Affinity.pinCurrentThread(to: [cpu])
      while let item = forward.take(cancellation) {
        // The last of a batch carries a zero.
        if item == 0 { back.put(item, cancellation) }
      }
    }
  }

  deinit {
    forward.endGiver()
    thread?.join()
  }

  /// Passes a number of items on and waits until the last has arrived; returns the seconds that it took.
  func pass(_ count: Int) -> Double {
    let start = MonotonicClock.seconds
    for left in (0..<count).reversed() { forward.put(left, cancellation) }
    _ = back.take(cancellation)
    return MonotonicClock.seconds - start
  }
}
