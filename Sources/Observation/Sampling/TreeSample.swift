/// What a process tree was doing at one moment, and what it had used until then.
public struct TreeSample: Codable, Sendable, Hashable {
  /// Seconds since the first sample.
  public var seconds: Double
  /// All threads of the tree that had not ended.
  public var threads: [ThreadSample]
  /// Processes of the tree, those that wait to be reaped included.
  public var processes: Int
  /// CPU time of the tree since the first sample, in seconds, with that of processes that have ended since.
  public var cpuSeconds: Double
  /// What of it went by in the kernel, as far as processes that are there tell.
  public var kernelSeconds: Double
  /// Resident memory of all processes, bytes; what they share counts in each.
  public var residentBytes: Int
  /// Faults that had to read from a disk, since the first sample.
  public var majorFaults: Int
  /// What the cgroup and the machine say; not in every sample.
  public var surroundings: Surroundings?

  public init(
    seconds: Double, threads: [ThreadSample], processes: Int = 1, cpuSeconds: Double, kernelSeconds: Double = 0,
    residentBytes: Int = 0,
    majorFaults: Int = 0, surroundings: Surroundings? = nil
  ) {
    self.seconds = seconds
    self.threads = threads
    self.processes = processes
    self.cpuSeconds = cpuSeconds
    self.kernelSeconds = kernelSeconds
    self.residentBytes = residentBytes
    self.majorFaults = majorFaults
    self.surroundings = surroundings
  }
}

/// A thread at the moment of a sample.
public struct ThreadSample: Codable, Sendable, Hashable {
  /// Its own number, and that of its process.
  public var id: Int32
  public var process: Int32
  public var state: ThreadState
  /// Seconds on a CPU, and in the queue for one, since it began (`schedstat`); a throttled thread is in the queue.
  public var runSeconds: Double
  public var queueSeconds: Double
  /// How often it was given a CPU.
  public var slices: Int

  public init(
    id: Int32, process: Int32, state: ThreadState, runSeconds: Double, queueSeconds: Double, slices: Int
  ) {
    self.id = id
    self.process = process
    self.state = state
    self.runSeconds = runSeconds
    self.queueSeconds = queueSeconds
    self.slices = slices
  }
}

/// What a thread does, or what it waits for.
public enum ThreadState: String, Codable, Sendable, Hashable, CaseIterable {
  /// On a CPU, or in the queue for one.
  case runnable
  /// In the kernel, for a disk or for memory (`D`).
  case disk
  /// For a mutex that another thread holds.
  case lock
  /// For a word in memory to be changed by another thread: a condition variable, a barrier, a semaphore, a lock of a
  /// language's own.
  case condition
  /// For the other end of a socket.
  case network
  /// For the other end of a pipe.
  case pipe
  /// For one of several descriptors, or for the time to be over.
  case poll
  /// For a time to be over.
  case sleep
  /// For a moment that it has set beforehand, as what keeps a beat does.
  case beat
  /// For a child, or another thread of its own, to end.
  case child
  /// For somebody to type.
  case terminal
  /// Stopped, or traced.
  case stopped
  /// Somewhere that the kernel does not tell us, or that has no name here.
  case unknown
  /// Ended, and not yet reaped.
  case ended
}
