public import AdvisorCore
public import Probe
private import System

/// How a task ended, after its last attempt.
@dynamicMemberLookup
public struct TaskOutcome: Sendable, Hashable {
  public enum Ending: Sendable, Hashable {
    case succeeded
    case exited(status: Int32)
    case killed(signal: Int32)
    case timedOut(afterSeconds: Double)
    /// It could not be started; why, in words.
    case notStarted(String)
    /// Otherwise, as a function that raises or a task whose worker is lost; how, in words.
    case failed(String)
    /// It was stopped because the run was.
    case stopped
  }

  /// From 1, in the order of the inputs.
  public var sequence: Int
  public var inputs: [[UInt8]]
  public var arguments: [[UInt8]]
  public var ending: Ending
  public var attempts: Int
  /// When the last attempt started, seconds since 1970.
  public var startedAt: Double
  /// Of the last attempt.
  public var usage: TaskUsage
  public var outputBytes: Int

  package init(
    sequence: Int, inputs: [[UInt8]], arguments: [[UInt8]], ending: Ending, attempts: Int, startedAt: Double,
    usage: TaskUsage, outputBytes: Int
  ) {
    self.sequence = sequence
    self.inputs = inputs
    self.arguments = arguments
    self.ending = ending
    self.attempts = attempts
    self.startedAt = startedAt
    self.usage = usage
    self.outputBytes = outputBytes
  }

  public subscript<Value>(dynamicMember path: KeyPath<TaskUsage, Value>) -> Value { usage[keyPath: path] }

  /// An argument may be 128 KiB long.
  private static let longestShown = 200

  public var succeeded: Bool { ending == .succeeded }

  /// Names the task and what became of it, without the secrets of URLs: `task 3 (gzip -k 'a b') exited with status 1`.
  public var text: String {
    let attempts = attempts > 1 ? " after \(attempts) attempts" : ""
    let ending = WebAddress.withoutSecrets(ending.text, where: WebAddress.isURL)
    return "\(Self.name(sequence, arguments)) \(ending)\(attempts)"
  }

  static func name(_ sequence: Int, _ arguments: [[UInt8]]) -> String {
    let command = ShellQuoting.text(arguments.map(withoutSecrets))
    let shown = command.count > Self.longestShown ? "\(command.prefix(Self.longestShown))…" : command
    return "task \(sequence) (\(shown))"
  }

  private static func withoutSecrets(_ argument: [UInt8]) -> [UInt8] {
    guard let text = String(validating: argument, as: UTF8.self) else { return argument }
    return Array(WebAddress.withoutSecrets(text, where: WebAddress.isURL).utf8)
  }
}

extension TaskOutcome.Ending {
  public var text: String {
    switch self {
    case .succeeded: "succeeded"
    case .exited(let status): "exited with status \(status)"
    case .killed(let signal): "was killed by signal \(signal) (\(Signal.text(signal)))"
    case .timedOut(let seconds): "was stopped after \(Quantity.significant(seconds)) s, its time limit"
    case .notStarted(let why): "did not start: \(why)"
    case .failed(let how): how
    case .stopped: "was stopped"
    }
  }

  /// As a shell's `$?` has it: 128 and the signal for a task that was killed, 124 as timeout(1), 127 where none started.
  var shellStatus: Int32 {
    switch self {
    case .succeeded: 0
    case .exited(let status): status
    case .killed(let signal): 128 + signal
    case .timedOut: 124
    case .failed: 1
    case .notStarted: 127
    case .stopped: 128 + Signal.terminate
    }
  }
}

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
  /// Calls under way.
  public var running = 0
  public var workers = 0
  /// Why as many workers as there are; nil before the first report.
  public var reason: ConcurrencyReason?
  /// CPU time of the runner itself for each task that it has started.
  public var dispatchSeconds = 0.0
  /// What was left of it when last looked at; nil where it is not known.
  public var memory: MemoryGauge.Reading?
  /// Whether no more tasks start: after an interruption or too many failures.
  public var isDraining = false

  public var done: Int { outcome.tasks }

  /// Tasks in all; nil while inputs are still being read.
  public var total: Int? { outcome.left.map { $0 + done + skipped } }

  public subscript<Value>(dynamicMember path: KeyPath<RunOutcome, Value>) -> Value { outcome[keyPath: path] }
}

/// What a run came to.
public struct RunSummary: Sendable, Hashable {
  public enum Ending: Sendable, Hashable {
    case finished
    /// By SIGINT, SIGTERM or SIGHUP.
    case interrupted(by: Int32)
    /// By ``TaskOptions/halt``, for failures.
    case halted
    /// By ``TaskOptions/halt``, for successes or ended tasks.
    case satisfied
    /// Nobody reads the output any more.
    case outputClosed
    /// By an input that cannot be one, after all those before it were done.
    case inputsFailed(AdvisorError)
  }

  public var progress: RunProgress
  public var ending: Ending
  /// How the one task of a command without inputs has ended; nil where there are inputs, or it had ended before.
  public var singleEnding: TaskOutcome.Ending?

  public var isInterrupted: Bool { if case .interrupted = ending { true } else { false } }

  /// 0; 1 when a task failed, now or in the run that this one resumes, or never had its turn; 128 and the signal when
  /// interrupted; a command without inputs hands on its own. A run that was to end early has succeeded.
  public var exitStatus: Int32 {
    switch ending {
    case .interrupted(let signal): 128 + signal
    case .inputsFailed(let error): error.code.rawValue
    case .halted, .outputClosed: 1
    case .finished: singleEnding?.shellStatus ?? (progress.failed + progress.failedBefore > 0 ? 1 : 0)
    case .satisfied: 0
    }
  }
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
}

extension RunObserver {
  public func willWrite() {}

  public func noted(_ text: String) {}
}
