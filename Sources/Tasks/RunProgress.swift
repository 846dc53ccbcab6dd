public import AdvisorCore
public import Probe

/// Where a run stands.
@dynamicMemberLookup
public struct RunProgress: Sendable, Hashable {
  /// Of this run; what is left includes the tasks under way, and those that were stopped.
  public var outcome = RunOutcome()
  /// Stopped because the run was: neither succeeded nor failed.
  public var stopped = 0
  /// Ended in an earlier run, and not run again.
  public var skipped = 0
  /// Those of them that had failed.
  public var failedBefore = 0
  /// Bytes of the files that the tasks left are given; nil where that is not known.
  public var fileBytesLeft: Double?
  /// Calls under way.
  public var running = 0
  /// Those of them that are stopped until there is memory for them.
  public var pausedForMemory = 0
  public var workers = 0
  /// Why as many workers as there are; nil before the first report.
  public var reason: ConcurrencyReason?
  /// CPU time of the runner itself for each task that it has started.
  public var dispatchSeconds = 0.0
  /// What was left of it when last looked at; nil where it is not known.
  public var memory: MemoryGauge.Reading?
  /// Whether no more tasks start: after an interruption or too many failures.
  public var isDraining = false
  /// Whether none starts for now, as the user has asked for.
  public var isPaused = false

  public var done: Int { outcome.tasks }

  /// Tasks in all; nil while inputs are still being read.
  public var total: Int? { outcome.left.map { $0 + done + skipped } }

  public subscript<Value>(dynamicMember path: KeyPath<RunOutcome, Value>) -> Value { outcome[keyPath: path] }
}

/// Is told how a run goes, on the thread that runs it.
public protocol RunObserver: AnyObject {
  /// A task has had its last attempt.
  func taskEnded(_ outcome: TaskOutcome)
  /// A task that had failed in an earlier run is left out; which one, in words.
  func failedBefore(_ text: String)
  /// Some ten times a second.
  func progressed(_ progress: RunProgress)
  /// Something that tasks have written is about to be handed on.
  func willWrite()
  /// Something that the user should know, in words.
  func noted(_ text: String)
  /// The shell's job control is about to stop this process, as by Ctrl-Z.
  func willStop()
  /// It was continued.
  func didContinue()
}

extension RunObserver {
  public func willWrite() {}
  public func willStop() {}
  public func didContinue() {}

  public func noted(_ text: String) {}
}
