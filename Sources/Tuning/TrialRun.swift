public import AdvisorCore

/// One run of the command at one candidate.
public struct TrialRun: Sendable, Hashable {
  /// Index among the tuner's candidates.
  public var candidate: Int
  /// Nil where it succeeded.
  public var failure: TrialFailure?
  public var seconds: Double
  /// User and system time of the whole process tree; nil where it is not known.
  public var cpuSeconds: Double?
  /// Resident memory of the tree at its peak.
  public var maxRSSBytes: Double?
  /// CPU seconds of everything else on the machine during the run.
  public var othersCPUSeconds: Double
  /// Whether others left the CPUs alone before it began: then what they use meanwhile, in every run, is for the command's sake.
  public var beganQuiet = true
  /// Shares of the time in which 0, 1, 2 … threads were runnable; empty where that was not sampled.
  public var runnable: [Double]
  /// What the command printed, where that is optimized instead of the time.
  public var figure: Double?

  public init(
    candidate: Int, failure: TrialFailure? = nil, seconds: Double, cpuSeconds: Double? = nil,
    maxRSSBytes: Double? = nil,
    othersCPUSeconds: Double = 0, runnable: [Double] = [], figure: Double? = nil
  ) {
    self.candidate = candidate
    self.failure = failure
    self.seconds = seconds
    self.cpuSeconds = cpuSeconds
    self.maxRSSBytes = maxRSSBytes
    self.othersCPUSeconds = othersCPUSeconds
    self.runnable = runnable
    self.figure = figure
  }

  /// Others that use more than this share of one CPU disturb a run.
  private static let maxOthersShare = 0.12

  /// Whether others have used the CPUs beyond what they use in every run, in CPU seconds.
  func isDisturbed(beyond usual: Double) -> Bool { othersCPUSeconds - usual > Self.maxOthersShare * seconds }
}
