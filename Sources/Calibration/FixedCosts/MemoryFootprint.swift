import AdvisorCore
import Execution
import Glibc
import Statistics

/// Resident memory that one more worker takes.
enum MemoryFootprint {
  static func measure() -> [FixedCost] {
    [perProcess(), perThread()].compactMap(\.self)
  }

  /// The peak of a worker process that did a task of one unit.
  private static func perProcess() -> FixedCost? {
    let stage = Stage(kind: .cpu, count: 1, size: .units(1))
    let request = RunRequest(
      job: Job(text: "\(stage)", stages: [stage]), plan: Plan(strategy: .processes, workers: 1))
    let peaks = (0..<3).compactMap { _ in
      (try? executor(for: .processes).run(request, progress: Progress(), cancellation: Cancellation()))?.maxRSSBytes
    }
    return FixedCost(.memoryPerProcess, bytes: peaks.map(Double.init))
  }

  /// How much this process grows by thirty-two threads that wait, per thread.
  private static func perThread() -> FixedCost? {
    let count = 32
    let growths: [Double] = (0..<3).compactMap { _ in
      guard let gate = try? Pipe() else { return nil }
      let before = residentBytes()
      let threads = (0..<count).compactMap { _ in try? WorkerThread { while gate.receive() {} } }
      // Long enough for each thread to have touched its stack.
      Stopwatch.sleep(until: Stopwatch.wall() + 2e-3)
      let growth = Double(max(0, residentBytes() - before)) / Double(max(1, threads.count))
      gate.closeWriting()
      threads.forEach { $0.join() }
      return threads.isEmpty ? nil : growth
    }
    return FixedCost(.memoryPerThread, bytes: growths)
  }

  /// `/proc/self/statm`: the second figure is resident pages (proc_pid_statm(5)).
  private static func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 128)
    guard fgets(&text, Int32(text.count), file) != nil else { return 0 }
    let words = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(
      separator: " ")
    return words.count > 1 ? (Int(words[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
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
