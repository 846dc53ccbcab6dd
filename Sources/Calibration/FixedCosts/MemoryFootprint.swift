import AdvisorCore
import Statistics
import Executors
import System

/// Resident memory that one more worker takes.
enum MemoryFootprint {
  private static let repeats = 5

  static func measure() -> [FixedCost] {
    [perProcess(), perThread()].compactMap(\.self)
  }

  /// The proportional set size of a worker process that waits for its first task: what it shares with other workers,
  /// such as the program's code, counts by its share.
  private static func perProcess() -> FixedCost? {
    let sizes: [Double] = (0..<repeats).compactMap { _ in
      guard let idle = try? IdleWorker() else { return nil }
      return idle.proportionalBytes
    }
    return FixedCost(.memoryPerProcess, bytes: sizes)
  }

  /// How much this process grows by thirty-two threads that wait, per thread.
  private static func perThread() -> FixedCost? {
    let count = 32
    let growths: [Double] = (0..<repeats).compactMap { _ in
      guard let pipe = try? Pipe() else { return nil }
      let gate = Shared(pipe.reading)
      let before = ResidentMemory.bytes() ?? 0
      let threads = (0..<count).compactMap { _ in try? WorkerThread { while gate.descriptor.receiveByte() {} } }
      // Long enough for each thread to have touched its stack.
      MonotonicClock.sleep(untilSeconds: MonotonicClock.seconds + 2e-3)
      let growth = Double(max(0, (ResidentMemory.bytes() ?? 0) - before)) / Double(max(1, threads.count))
      _ = pipe.writing.close()
      threads.forEach { $0.join() }
      return threads.isEmpty ? nil : growth
    }
    return FixedCost(.memoryPerThread, bytes: growths)
  }
}

/// A worker process that is given nothing to do.
private final class IdleWorker {
  private let child: ChildProcess
  /// Our end of the socket that is its standard input: it ends when this closes.
  private let lifeline: Descriptor

  init() throws(AdvisorError) {
    let ends = try SocketPair()
    child = try ChildProcess(WorkerProcess.launch("/proc/self/exe", input: ends.far.number, error: nil))
    lifeline = ends.near
  }

  /// `Pss` of `/proc/PID/smaps_rollup` (proc_pid_smaps_rollup(5)), once it no longer grows.
  var proportionalBytes: Double? {
    var last: Double?
    for _ in 0..<50 {
      MonotonicClock.sleep(untilSeconds: MonotonicClock.seconds + 2e-3)
      let text = KernelFile.read("/proc/\(child.id)/smaps_rollup")
      let now = text.flatMap { KernelText.kibibytes("Pss:", in: $0) }.map(Double.init)
      if let now, now == last { return now }
      last = now
    }
    return last
  }
}

extension FixedCost {
  /// A cost in bytes, which no neighbour disturbs; nil without a measurement.
  fileprivate init?(_ name: Name, bytes: [Double]) {
    guard let median = RobustEstimate.median(of: bytes), let least = bytes.min() else { return nil }
    let estimate = Estimate(
      value: median.value, low: least, high: bytes.max() ?? least, samples: bytes.count, unit: .bytes)
    self.init(
      name: name, placement: .unpinned, floor: estimate, typical: estimate, minimum: least, acceptedShare: 1)
  }
}
