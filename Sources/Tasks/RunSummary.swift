public import AdvisorCore

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
