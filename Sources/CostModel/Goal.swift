/// What the user wants of a job, and what must not be exceeded.
public struct Goal: Sendable, Hashable {
  /// What is to be least.
  public enum Objective: String, Sendable, CaseIterable {
    /// The expected wall time.
    case time
    /// The 90th percentile of the wall time.
    case p90
    /// CPU time of all workers together.
    case cpu
    /// Resident memory of all workers together.
    case memory
  }

  public var objective: Objective
  /// Wall time within which the job must end.
  public var deadlineSeconds: Double?
  public var maxWorkers: Int?
  public var memoryLimitBytes: Double?
  /// Whether the profile's engines outside this machine are candidates too.
  public var usesEngines: Bool

  public init(
    objective: Objective = .time, deadlineSeconds: Double? = nil, maxWorkers: Int? = nil,
    memoryLimitBytes: Double? = nil, usesEngines: Bool = false
  ) {
    self.objective = objective
    self.deadlineSeconds = deadlineSeconds
    self.maxWorkers = maxWorkers
    self.memoryLimitBytes = memoryLimitBytes
    self.usesEngines = usesEngines
  }
}
