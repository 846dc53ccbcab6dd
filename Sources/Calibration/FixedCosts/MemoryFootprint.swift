import AdvisorCore
import Documents
import Glibc
import Probe
import Statistics
import Executors
import System

/// Resident memory that one more worker takes.
enum MemoryFootprint {
  static func measure() -> [FixedCost] {
    [perProcess(), perThread()].compactMap(\.self)
  }

  /// The proportional set size of a worker process that waits for its first task: what it shares with other workers,
  /// such as the program's code, counts by its share.
  private static func perProcess() -> FixedCost? {
    let sizes: [Double] = (0..<3).compactMap { _ in
      guard let idle = try? IdleWorker() else { return nil }
      return idle.proportionalBytes
    }
    return FixedCost(.memoryPerProcess, bytes: sizes)
  }

  /// How much this process grows by thirty-two threads that wait, per thread.
  private static func perThread() -> FixedCost? {
    let count = 32
    let growths: [Double] = (0..<3).compactMap { _ in
      guard let pipe = try? Pipe() else { return nil }
      let gate = Shared(pipe.reading)
      let before = residentBytes()
      let threads = (0..<count).compactMap { _ in try? WorkerThread { while gate.descriptor.receiveByte() {} } }
      // Long enough for each thread to have touched its stack.
      Stopwatch.sleep(until: Stopwatch.wall() + 2e-3)
      let growth = Double(max(0, residentBytes() - before)) / Double(max(1, threads.count))
      _ = pipe.writing.close()
      threads.forEach { $0.join() }
      return threads.isEmpty ? nil : growth
    }
    return FixedCost(.memoryPerThread, bytes: growths)
  }

  /// `/proc/self/statm`: the second figure is resident pages (proc_pid_statm(5)).
  private static func residentBytes() -> Int {
    let text = String(decoding: FolderTree.live.read("/proc/self/statm", limit: 128) ?? [], as: UTF8.self)
    let words = text.split(separator: " ")
    return words.count > 1 ? (Int(words[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
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
      Stopwatch.sleep(until: Stopwatch.wall() + 2e-3)
      let now = Self.field("Pss:", of: child.id)
      if let now, now == last { return now }
      last = now
    }
    return last
  }

  private static func field(_ name: String, of process: Int32) -> Double? {
    guard let data = try? JSONDocument.contents(of: "/proc/\(process)/smaps_rollup") else { return nil }
    let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(name) }
    let words = line?.split(separator: " ") ?? []
    return words.count > 1 ? Double(words[1]).map { $0 * 1024 } : nil
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
