public import AdvisorCore

/// How a job ran: its outcome, and what an executor knows besides.
@dynamicMemberLookup
public struct JobRun: Sendable, Hashable {
  /// Its seconds are from when the plan had been checked and its files prepared until every worker had ended; the peak memory
  /// is nil where workers were not processes.
  public var outcome: RunOutcome
  /// Of the run's seconds, until the last worker could take its first task.
  public var startUpSeconds: Double
  /// The first failures, by task, in words, twenty at most.
  public var failures: [TaskFailure]
  /// How long each task took from its start to its end, through all stages.
  public var durations: DurationHistogram
  /// Worker processes that were killed and replaced.
  public var replacedWorkers: Int

  /// Whether the run was cancelled; tasks under way were given up and are not counted.
  public var interrupted: Bool { outcome.left != 0 }

  public subscript<Value>(dynamicMember path: KeyPath<RunOutcome, Value>) -> Value { outcome[keyPath: path] }
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
