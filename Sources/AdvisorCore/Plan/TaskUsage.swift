/// What one call has taken and used: a task, or several in a batch.
public struct TaskUsage: Sendable, Hashable {
  /// Inputs that it did at once: of a batch all, else it counts as one.
  public var weight: Int
  public var wallSeconds: Double
  public var cpuSeconds: Double
  /// Time in which it could have run but had no CPU, or its quota was used up; of the first tasks of a run only, as are the
  /// bytes.
  public var queuedSeconds: Double
  /// Calls that were under way when it ended, itself among them.
  public var running: Int
  /// Of the files that its inputs name; nil where they name none.
  public var fileBytes: Double?
  /// By all system calls; nil where it was not looked at, or the kernel does not tell.
  public var readBytes: Double?
  public var writtenBytes: Double?
  /// Nil where it was no more than the starter's own peak, from which the kernel's record of a child starts.
  public var maxRSSBytes: Int?

  public init(
    weight: Int = 1, wallSeconds: Double = 0, cpuSeconds: Double = 0, queuedSeconds: Double = 0, running: Int = 1,
    fileBytes: Double? = nil, readBytes: Double? = nil, writtenBytes: Double? = nil, maxRSSBytes: Int? = nil
  ) {
    self.weight = weight
    self.wallSeconds = wallSeconds
    self.cpuSeconds = cpuSeconds
    self.queuedSeconds = queuedSeconds
    self.running = running
    self.fileBytes = fileBytes
    self.readBytes = readBytes
    self.writtenBytes = writtenBytes
    self.maxRSSBytes = maxRSSBytes
  }
}
