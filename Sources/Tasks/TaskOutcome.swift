public import AdvisorCore
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
  /// On its standard output.
  public var outputBytes: Int
  /// What a task that has failed said last, on one of its outputs; nil where that is not known.
  public var lastLine: [UInt8]?

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
