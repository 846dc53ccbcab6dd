/// Work to be done: stages through which every item flows.
public struct Job: Sendable, Hashable {
  /// The job string that the user wrote, or one with the same meaning.
  public var text: String
  public var stages: [Stage]

  public init(text: String, stages: [Stage]) {
    self.text = text
    self.stages = stages
  }
}

/// A job, and what people call it.
public struct NamedJob: Sendable, Hashable {
  public var name: String?
  public var job: Job
  /// What people see: the name, else the job string.
  public var label: String { name ?? job.text }

  public init(_ job: Job, name: String? = nil) {
    self.job = job
    self.name = name
  }
}

/// A number of tasks of one kind and size.
public struct Stage: Codable, Sendable, Hashable {
  /// What a task mostly asks of the machine.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Computes, in work units of a kernel or in CPU time.
    case cpu
    /// Streams bytes through memory.
    case mem
    /// Reads bytes from a file.
    case disk
    /// Waits, as for a remote call.
    case wait
    /// Downloads bytes over HTTP.
    case io
    /// Runs a program of the user's; its size is the CPU time of one call, its latency the time it waits.
    case command
  }

  /// How much one task asks for.
  public enum Size: Sendable, Hashable {
    case units(Double)
    case seconds(Double)
    case bytes(Double)
  }

  public var kind: Kind
  /// Whether its tasks do nothing but compute in this program.
  public var computes: Bool { kind == .cpu || kind == .mem }
  /// Tasks; at least one.
  public var count: Int
  public var size: Size
  /// Coefficient of variation of the task sizes; 0 when all are alike.
  public var spread: Double
  /// Resident memory of one task.
  public var memoryBytes: Double?
  /// Time one task waits for a reply before bytes flow.
  public var latencySeconds: Double?
  public var inputBytes: Double?
  public var outputBytes: Double?
  public var kernel: Kernel

  public init(
    kind: Kind, count: Int, size: Size, spread: Double = 0, memoryBytes: Double? = nil, latencySeconds: Double? = nil,
    inputBytes: Double? = nil, outputBytes: Double? = nil, kernel: Kernel = .word
  ) {
    self.kind = kind
    self.count = count
    self.size = size
    self.spread = spread
    self.memoryBytes = memoryBytes
    self.latencySeconds = latencySeconds
    self.inputBytes = inputBytes
    self.outputBytes = outputBytes
    self.kernel = kernel
  }
}

/// The reference kernels: known work whose cost per unit is calibrated.
public enum Kernel: String, Codable, Sendable, CaseIterable {
  /// A random word; a unit is one letter.
  case word
  /// SHA-256 rounds; a unit is one byte hashed.
  case sha256
  /// Sorting; a unit is one element of a shuffled array.
  case sort
  /// Matrix multiplication; a unit is one multiply-add.
  case matmul
}
