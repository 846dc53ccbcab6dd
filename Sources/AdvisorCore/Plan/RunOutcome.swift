/// What a run has come to: in all, or so far while it is under way.
public struct RunOutcome: Codable, Sendable, Hashable {
  public var seconds: Double
  /// User and system time of all workers together.
  public var cpuSeconds: Double
  /// Tasks that ended, failed ones included.
  public var tasks: Int
  public var failed: Int
  /// Tasks that have not ended; nil while it is not known how many there are.
  public var left: Int?
  /// Of the files that the inputs of the ended tasks name; nil where they name none.
  public var fileBytes: Double?
  /// The largest resident set of any one process; nil where it could not be told apart from the parent's.
  public var maxRSSBytes: Int?

  public init(
    seconds: Double = 0, cpuSeconds: Double = 0, tasks: Int = 0, failed: Int = 0, left: Int? = nil,
    maxRSSBytes: Int? = nil
  ) {
    self.seconds = seconds
    self.cpuSeconds = cpuSeconds
    self.tasks = tasks
    self.failed = failed
    self.left = left
    self.maxRSSBytes = maxRSSBytes
  }

  public var succeeded: Int { tasks - failed }

  /// Counts tasks that have ended.
  public mutating func end(_ count: Int = 1, failed hasFailed: Bool = false) {
    tasks += count
    if hasFailed { failed += count }
    left = left.map { $0 - count }
  }

  /// Adds what an attempt at a task has used.
  public mutating func add(_ usage: TaskUsage) {
    cpuSeconds += usage.cpuSeconds
    if let bytes = usage.fileBytes { fileBytes = (fileBytes ?? 0) + bytes }
    if let peak = usage.maxRSSBytes { maxRSSBytes = max(maxRSSBytes ?? 0, peak) }
  }
}
