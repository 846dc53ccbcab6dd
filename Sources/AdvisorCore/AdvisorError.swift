/// A failure that the user can act on: what happened, to which file or command, and what to do next.
public struct AdvisorError: Error, Hashable, Sendable {
  /// What kind of failure it is; the raw value is the exit status (`sysexits.h`, POSIX for commands, and 128 + SIGINT).
  public enum Code: Int32, Sendable {
    case someTasksFailed = 1
    case usage = 64
    case badData = 65
    case unavailable = 69
    case cannotWrite = 73
    case temporary = 75
    case cannotRun = 126
    case notFound = 127
    case interrupted = 130
  }

  public var code: Code
  /// One sentence that names the file, the command or the word at fault.
  public var problem: String
  /// What to do next; an imperative sentence.
  public var advice: String

  public init(_ code: Code, _ problem: String, advice: String) {
    self.code = code
    self.problem = problem
    self.advice = advice
  }
}

extension AdvisorError: CustomStringConvertible {
  public var description: String { "\(problem)\n  → \(advice)" }
}
