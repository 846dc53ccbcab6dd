/// What the runs of a command with one knob, or two, have shown (`advisor.tune/1`).
public struct TuningReport: Codable, Sendable, Hashable {
  public enum Verdict: String, Codable, Sendable {
    /// Another value than the start is faster.
    case better
    /// No value is faster than the start by more than 2.5 %.
    case noDifference
    /// The runs differ too much to tell.
    case undecided
    /// The command failed at every value that was tried.
    case infeasible
  }

  public enum Stop: String, Codable, Sendable {
    /// Stopping costs less than 1 % on average.
    case settled
    /// Stopping costs little more, and further runs no longer change that.
    case stalled
    case maxRuns, budget, interrupted, infeasible
  }

  public struct Knob: Codable, Sendable, Hashable {
    public var name: String
    public var values: [String]

    public init(name: String, values: [String]) {
      self.name = name
      self.values = values
    }
  }

  /// What the program would have taken by itself, and the share by which the recommended value is faster than that.
  public struct Usual: Codable, Sendable, Hashable {
    /// The program, or the variable that its runtime reads.
    public var program: String
    public var value: Int
    public var gain: IntervalEstimate

    public init(program: String, value: Int, gain: IntervalEstimate) {
      self.program = program
      self.value = value
      self.gain = gain
    }
  }

  /// An earlier tuning of the same command in the same folder and place, which this one started from.
  public struct Earlier: Codable, Sendable, Hashable {
    /// ISO 8601, UTC.
    public var at: String
    public var recommended: [String: String]
    public var runs: Int

    public init(at: String, recommended: [String: String], runs: Int) {
      self.at = at
      self.recommended = recommended
      self.runs = runs
    }
  }

  public struct Run: Codable, Sendable, Hashable {
    /// A value for each knob, by its name.
    public var values: [String: String]
    public var seconds: Double
    @Nullable public var cpuSeconds: Double?
    /// Of the process tree at its peak.
    @Nullable public var maxRSSBytes: Double?
    /// What the command printed, where that is optimized.
    @Nullable public var figure: Double?
    /// Nil where it succeeded.
    @Nullable public var failure: TrialFailure?
    /// The exit status, or 128 and the signal; nil where advisor itself ended the run.
    @Nullable public var exit: Int32?
    /// Whether other processes used the CPUs meanwhile.
    public var disturbed: Bool
    /// From 1.
    public var order: Int

    public init(
      values: [String: String], seconds: Double, cpuSeconds: Double? = nil, maxRSSBytes: Double? = nil,
      figure: Double? = nil, failure: TrialFailure? = nil, exit: Int32? = nil, disturbed: Bool = false, order: Int
    ) {
      self.values = values
      self.seconds = seconds
      self.cpuSeconds = cpuSeconds
      self.maxRSSBytes = maxRSSBytes
      self.figure = figure
      self.failure = failure
      self.exit = exit
      self.disturbed = disturbed
      self.order = order
    }
  }

  public static let schema = "advisor.tune/1"

  public var schema = Self.schema
  /// The command as it was typed, with its placeholders.
  public var command: String
  public var knobs: [Knob]
  /// What is optimized: `time`, `p90`, `cpu`, `memory`, or the regular expression that finds the figure.
  public var objective: String
  public var cpus: Int
  /// What the gain is measured against.
  public var start: [String: String]
  @Nullable public var recommended: [String: String]?
  /// The command with the recommended values.
  @Nullable public var line: String?
  public var verdict: Verdict
  /// The share by which the recommended value is faster than the start.
  @Nullable public var gain: IntervalEstimate?
  /// Nil where it is not known what the program takes by itself.
  @Nullable public var usual: Usual?
  @Nullable public var earlier: Earlier?
  /// What stopping now is expected to cost, as a share of the time.
  @Nullable public var lossOfStopping: Double?
  public var runs: [Run]
  /// Of all runs, preparations included.
  public var seconds: Double
  public var stoppedBecause: Stop
  public var reasons: [TuningReason]
  public var caveats: [TuningCaveat]

  public init(
    command: String, knobs: [Knob], objective: String, cpus: Int, start: [String: String],
    recommended: [String: String]?, line: String?, verdict: Verdict, gain: IntervalEstimate?, usual: Usual?,
    earlier: Earlier?, lossOfStopping: Double?, runs: [Run], seconds: Double, stoppedBecause: Stop,
    reasons: [TuningReason],
    caveats: [TuningCaveat]
  ) {
    self.command = command
    self.knobs = knobs
    self.objective = objective
    self.cpus = cpus
    self.start = start
    self.recommended = recommended
    self.line = line
    self.verdict = verdict
    self.gain = gain
    self.usual = usual
    self.earlier = earlier
    self.lossOfStopping = lossOfStopping
    self.runs = runs
    self.seconds = seconds
    self.stoppedBecause = stoppedBecause
    self.reasons = reasons
    self.caveats = caveats
  }
}
