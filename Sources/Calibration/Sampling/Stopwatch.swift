import Workloads
import System

/// The clocks that calibration reads, in seconds.
enum Stopwatch {
  static func wall() -> Double { Double(MonotonicClock.now) * 1e-9 }

  /// CPU time of the calling thread: what a busy neighbour on the same CPU does not touch.
  static func threadCPU() -> Double { Double(CPUClock.thread) * 1e-9 }

  /// Sleeps until ``wall()`` shows that time.
  static func sleep(until deadline: Double) { MonotonicClock.sleep(until: UInt64(deadline * 1e9)) }
}
