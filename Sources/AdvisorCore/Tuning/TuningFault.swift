/// Why a run counts as failed.
public enum TrialFailure: Codable, Sendable, Hashable {
  case exited(status: Int32)
  case killed(signal: Int32)
  case timedOut
  case outOfMemory
  /// The run succeeded, but did not print the figure that is to be optimized.
  case withoutFigure
}

/// Why a command cannot be tuned: what its runs have shown, of which Reports makes an error.
public enum TuningFault: Error, Sendable, Hashable {
  /// The end of a run's output: its most telling line, and the file that keeps more; nil where there is none.
  public struct Output: Sendable, Hashable {
    public var lastLine: String?
    public var path: String?

    public init(lastLine: String?, path: String?) {
      self.lastLine = lastLine
      self.path = path
    }
  }

  case preparation(line: String, failure: TrialFailure, Output)
  /// A run failed with values with which the first succeeded.
  case repeatFails(setting: String, failure: TrialFailure, Output)
  /// A run needed far less CPU time than the first with the same values: its work was done already.
  case repeatIsEasier(setting: String, firstCPUSeconds: Double, cpuSeconds: Double)
  /// No run has printed what the pattern finds.
  case noFigure(pattern: String, Output)
  /// The settings that were tried, and how each has ended.
  case failsEverywhere(tried: [Attempt], Output)

  public struct Attempt: Sendable, Hashable {
    public var setting: String
    public var failure: TrialFailure

    public init(setting: String, failure: TrialFailure) {
      self.setting = setting
      self.failure = failure
    }
  }
}
