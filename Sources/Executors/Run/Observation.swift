public import AdvisorCore
/// What happened in a run.
public struct Observation: Sendable, Hashable {
  /// From when the plan had been checked and its files prepared until every worker had ended.
  public var seconds: Double
  /// User and system time of all workers together.
  public var cpuSeconds: Double
  /// Of these, until the last worker could take its first task.
  public var startUpSeconds: Double
  /// Tasks that ended, failed ones included.
  public var tasks: Int
  public var failed: Int
  /// The first failures, by task, in words, twenty at most.
  public var failures: [TaskFailure]
  /// How long each task took from its start to its end, through all stages.
  public var durations: DurationHistogram
  /// The largest resident set of any one worker process; nil where workers were not processes, or where it could not be
  /// told apart from the parent's.
  public var maxRSSBytes: Int?
  /// Worker processes that were killed and replaced.
  public var replacedWorkers: Int
  /// Whether the run was cancelled; tasks under way were given up and are not counted.
  public var interrupted: Bool
}

/// A task that failed.
public struct TaskFailure: Sendable, Hashable {
  /// The number of the task, from 0.
  public var task: Int
  public var reason: String

  public init(task: Int, reason: String) {
    self.task = task
    self.reason = reason
  }
}
