public import AdvisorCore

/// Where the time of a process tree has gone, summed up from its samples; seconds throughout.
public struct TreeProfile: Codable, Sendable, Hashable {
  /// How long it was observed.
  public var seconds = 0.0
  public var samples = 0
  /// CPU time of all processes, those that have ended included.
  public var cpuSeconds = 0.0
  /// The wall time, split: see ``ProfileBuilder``.
  public var wall = TimeSplit()
  /// The time of all threads together, by what each did.
  public var threads = TimeSplit()
  /// How long 0, 1, 2, … threads ran or could have run.
  public var runnable: [Double] = []
  /// The largest resident memory of all processes together, bytes; what they share counts in each.
  public var peakBytes = 0
  public var majorFaults = 0
  /// The time of threads that were stopped or traced.
  public var stoppedSeconds = 0.0
  public var maxThreads = 0
  public var maxProcesses = 0
  /// Processes that have begun and ended, or were there, as far as samples met them.
  public var processes: [ProcessProfile] = []
  /// What was counted around the tree at first and at last.
  public var first: Surroundings?
  public var last: Surroundings?
  /// The quota of the cgroup that the tree was last in, when it was first met there: a command may move.
  public var firstQuota: Surroundings.Quota?
  public var firstMemory: Surroundings.MemoryLimit?
  /// ``Surroundings/swappedPages`` when they were first read.
  public var firstSwappedPages: Int?
  /// The CPUs on which one or the other of its working threads may run; nil where that was not to be seen.
  public var allowed: CPUSet?
  /// CPU time in the kernel, seconds.
  public var kernelSeconds = 0.0
  /// What it moved; nil where the kernel does not tell us of other users' processes.
  public var transfers: Transfers?
  public var switches: ContextSwitches?
  public var clock: ClockRate?
  /// What the processor counted, or why it did not; both are nil where it was not asked.
  public var hardware: HardwareCounts?
  public var counterFault: CounterFault?
  /// Looks at how fast memory was gone over; nil where none were to be taken.
  public var memoryLooks: [[PageTouches]]?
  /// The wall time's split over time, in pieces of equal length but for the last.
  public var timeline: [TimeSplit] = []
  /// Seconds of each piece.
  public var pieceSeconds = 0.25

  public init() {}

  /// The share of the observed time in which some task waited, by what pressure files say of the tree's cgroup, else of the
  /// machine; nil where they do not.
  public func stalledShare(_ resource: KeyPath<Surroundings.Stalls, Double?>) -> Double? {
    guard let first, let last, last.seconds > first.seconds else { return nil }
    for scope in [\Surroundings.cgroupStalls, \.machineStalls] {
      guard let before = first[keyPath: scope]?[keyPath: resource],
        let after = last[keyPath: scope]?[keyPath: resource],
        first.place == last.place || scope == \.machineStalls
      else { continue }
      return min(1, max(0, after - before) / (last.seconds - first.seconds))
    }
    return nil
  }

  /// CPUs in use on average.
  public var cpus: Double { seconds > 0 ? cpuSeconds / seconds : 0 }
}

/// Seconds by what they went for.
public struct TimeSplit: Codable, Sendable, Hashable {
  public var running = 0.0
  /// Ready to run, without a CPU; throttled by a quota included.
  public var queue = 0.0
  public var disk = 0.0
  public var lock = 0.0
  public var network = 0.0
  public var pipe = 0.0
  public var sleep = 0.0
  /// Waits for other threads of the tree, or for work.
  public var idle = 0.0
  /// Waits in a place that the kernel does not tell.
  public var unknown = 0.0

  public init() {}

  public var sum: Double { running + queue + disk + lock + network + pipe + sleep + idle + unknown }

  static func += (sum: inout TimeSplit, other: TimeSplit) { sum.add(other) }

  mutating func add(_ other: TimeSplit, scaled factor: Double = 1) {
    running += other.running * factor
    queue += other.queue * factor
    disk += other.disk * factor
    lock += other.lock * factor
    network += other.network * factor
    pipe += other.pipe * factor
    sleep += other.sleep * factor
    idle += other.idle * factor
    unknown += other.unknown * factor
  }
}

/// What one process of the tree did.
public struct ProcessProfile: Codable, Sendable, Hashable {
  public var id: Int32
  public var name: String
  /// Whether the program is a Python interpreter, whose threads may share one lock.
  public var isPython = false
  public var threads: [ThreadProfile] = []

  public init(id: Int32, name: String, isPython: Bool = false, threads: [ThreadProfile] = []) {
    self.id = id
    self.name = name
    self.isPython = isPython
    self.threads = threads
  }

  public var runSeconds: Double { threads.reduce(0) { $0 + $1.time.running } }
}

/// What one thread did.
public struct ThreadProfile: Codable, Sendable, Hashable {
  public var id: Int32
  public var time = TimeSplit()
  /// Waits on words in memory that were over within a tenth of a second, as those for a lock are that is handed round; in
  /// ``time`` they are idle.
  public var briefConditionSeconds = 0.0
  /// How often it was given a CPU.
  public var slices = 0

  public init(id: Int32) { self.id = id }
}
