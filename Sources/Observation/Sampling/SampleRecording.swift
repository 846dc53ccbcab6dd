/// Samples of a tree as a document, so that what was seen once can be interpreted again.
///
/// A line is one sample: `SECONDS PROCESSES CPU KERNEL BYTES FAULTS`, then `| ID PROCESS STATE RUN QUEUE SLICES` for each thread
/// that is new or has changed since the line before, and `| -ID` for each that has gone. Times are in microseconds, but the first
/// in seconds.
public struct SampleRecording: Codable, Sendable, Hashable {
  public struct Process: Codable, Sendable, Hashable {
    public var name: String
    public var isPython: Bool
  }

  public var schema = "advisor.samples/1"
  /// How it was looked at; nil until ``init(_:of:)``'s caller fills it in.
  public var setting: Observation.Setting?
  public var seconds: Double
  public var cpuSeconds: Double
  /// By number, those that ran most.
  public var processes: [Int32: Process]
  public var transfers: Transfers?
  public var switches: ContextSwitches?
  public var hardware: HardwareCounts?
  public var counterFault: CounterFault?
  public var memoryLooks: [[PageTouches]]?
  public var surroundings: [Surroundings]
  public var samples: [String]

  private static let maxProcesses = 32

  init(_ samples: [TreeSample], of profile: TreeProfile) {
    (seconds, cpuSeconds) = (profile.seconds, profile.cpuSeconds)
    let known = profile.processes.prefix(Self.maxProcesses)
    processes = Dictionary(
      known.map { ($0.id, Process(name: $0.name, isPython: $0.isPython)) }, uniquingKeysWith: { first, _ in first })
    (transfers, switches) = (profile.transfers, profile.switches)
    (hardware, counterFault, memoryLooks) = (profile.hardware, profile.counterFault, profile.memoryLooks)
    surroundings = samples.compactMap(\.surroundings)
    var writer = SampleLines()
    self.samples = samples.map { writer.line($0) }
  }

  /// What the samples have come to, as if they had just been taken; nil where a line is none.
  public var profile: TreeProfile? {
    var builder = ProfileBuilder()
    var reader = SampleLines()
    var surroundings = surroundings[...]
    for line in samples {
      guard var sample = reader.sample(line) else { return nil }
      if let next = surroundings.first, abs(next.seconds - sample.seconds) < 2e-6 {
        sample.surroundings = surroundings.removeFirst()
      }
      builder.add(sample)
    }
    var profile = builder.profile { id in processes[id].map { ($0.name, $0.isPython) } ?? ("?", false) }
    (profile.seconds, profile.cpuSeconds) = (seconds, cpuSeconds)
    (profile.transfers, profile.switches) = (transfers, switches)
    (profile.hardware, profile.counterFault, profile.memoryLooks) = (hardware, counterFault, memoryLooks)
    return profile
  }
}

/// Writes and reads the lines one after the other.
private struct SampleLines {
  private var threads: [Int32: ThreadSample] = [:]

  mutating func line(_ sample: TreeSample) -> String {
    let now = Dictionary(sample.threads.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let changed = sample.threads.filter { threads[$0.id] != $0 }.map { thread in
      " | \(thread.id) \(thread.process) \(thread.state.rawValue) \(Self.microseconds(thread.runSeconds))"
        + " \(Self.microseconds(thread.queueSeconds)) \(thread.slices)"
    }
    let gone = threads.keys.filter { now[$0] == nil }.sorted().map { " | -\($0)" }
    threads = now
    let head = [Self.microseconds(sample.cpuSeconds), Self.microseconds(sample.kernelSeconds), sample.residentBytes]
    return "\(sample.seconds) \(sample.processes) \(head[0]) \(head[1]) \(head[2]) \(sample.majorFaults)"
      + changed.joined() + gone.joined()
  }

  mutating func sample(_ line: String) -> TreeSample? {
    let parts = line.split(separator: "|").map { $0.split(separator: " ") }
    guard let head = parts.first, head.count == 6, let seconds = Double(head[0]), let processes = Int(head[1]),
      let cpu = Self.seconds(head[2]), let kernel = Self.seconds(head[3]), let bytes = Int(head[4]),
      let faults = Int(head[5])
    else { return nil }
    for part in parts.dropFirst() { guard take(part) else { return nil } }
    return TreeSample(
      seconds: seconds, threads: threads.values.sorted { $0.id < $1.id }, processes: processes, cpuSeconds: cpu,
      kernelSeconds: kernel, residentBytes: bytes, majorFaults: faults)
  }

  private mutating func take(_ words: [Substring]) -> Bool {
    guard let id = words.first.flatMap({ Int32($0) }) else { return false }
    if id < 0 {
      threads[-id] = nil
      return true
    }
    guard words.count == 6, let process = Int32(words[1]), let state = ThreadState(rawValue: String(words[2])),
      let run = Self.seconds(words[3]), let queue = Self.seconds(words[4]), let slices = Int(words[5])
    else { return false }
    threads[id] = ThreadSample(
      id: id, process: process, state: state, runSeconds: run, queueSeconds: queue, slices: slices)
    return true
  }

  private static func microseconds(_ seconds: Double) -> Int { Int((seconds * 1e6).rounded()) }
  private static func seconds(_ text: Substring) -> Double? { Int(text).map { Double($0) / 1e6 } }
}
