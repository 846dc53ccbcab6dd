/// Which command was tried, and where: what was learnt holds for the same again.
public struct TrialPlace: Codable, Sendable, Hashable {
  /// Of the machine.
  public var fingerprint: String
  /// The working directory, absolute.
  public var folder: String
  /// As it was typed.
  public var command: String

  public init(fingerprint: String, folder: String, command: String) {
    self.fingerprint = fingerprint
    self.folder = folder
    self.command = command
  }
}

/// A past tuning, as it is remembered.
public struct TuningEntry: Codable, Sendable, Hashable {
  /// ISO 8601, UTC.
  public var at: String
  public var place: TrialPlace
  public var objective: String
  public var cpus: Int
  /// What the gain was measured against.
  public var start: [String: String]
  public var recommended: [String: String]
  public var verdict: TuningReport.Verdict
  @Nullable public var gain: IntervalEstimate?
  public var runs: [TuningReport.Run]

  /// - Returns: nil where the tuning has no answer to remember, or one of a single run.
  public init?(_ report: TuningReport, at: String, place: TrialPlace) {
    guard let recommended = report.recommended, report.runs.count > 1 else { return nil }
    (self.at, self.place, objective, cpus) = (at, place, report.objective, report.cpus)
    (start, self.recommended, verdict) = (report.start, recommended, report.verdict)
    (gain, runs) = (report.gain, report.runs)
  }

  /// Whether a tuning can have been so; else the row was damaged.
  public var isPlausible: Bool {
    cpus > 0 && !recommended.isEmpty && runs.allSatisfy { $0.seconds >= 0 && $0.seconds.isFinite }
      && runs.allSatisfy { ($0.cpuSeconds ?? 0) >= 0 && ($0.cpuSeconds ?? 0).isFinite }
  }
}

/// A past pilot, a command that ran on a few of its inputs, as it is remembered.
public struct PilotEntry: Codable, Sendable, Hashable {
  /// ISO 8601, UTC.
  public var at: String
  public var place: TrialPlace
  /// Inputs in all, and those that were run.
  public var inputs: Int
  public var tried: Int
  /// Of the pilot.
  public var seconds: Double
  /// What was recommended for the inputs that were left, and how long that was to take.
  public var plan: Plan
  public var predicted: Prediction.Seconds

  public init(
    at: String, place: TrialPlace, inputs: Int, tried: Int, seconds: Double, plan: Plan, predicted: Prediction.Seconds
  ) {
    self.at = at
    self.place = place
    self.inputs = inputs
    self.tried = tried
    self.seconds = seconds
    self.plan = plan
    self.predicted = predicted
  }

  /// Whether a pilot can have been so; else the row was damaged.
  public var isPlausible: Bool {
    inputs > 0 && tried > 0 && plan.workers > 0 && seconds >= 0 && seconds.isFinite
      && [predicted.p5, predicted.p50, predicted.p95].allSatisfy { $0 > 0 && $0.isFinite }
  }
}
