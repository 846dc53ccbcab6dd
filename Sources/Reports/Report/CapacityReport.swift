public import AdvisorCore
public import CostModel
public import Planning

/// What a capacity report is made of (`advisor.report/1`); what is not known is nil, and the report says so.
public struct CapacityReport: Encodable, Sendable {
  /// A load of the past.
  public struct PastLoad: Codable, Hashable, Sendable {
    /// As in the forecast: days since 1970-01-01 where it has dates.
    public var t: Double
    public var date: String?
    public var load: Double

    public init(t: Double, date: String?, load: Double) {
      self.t = t
      self.date = date
      self.load = load
    }
  }

  public static let schema = "advisor.report/1"

  public var schema = Self.schema
  public var profile: MachineProfile
  public var recommendation: RecommendationDocument?
  /// Why there is no recommendation for a job that was named.
  public var adviceProblem: String?
  /// Of the job's kind, or of computing where no job was named.
  public var strategyMap: StrategyMap?
  /// Of the measured speedups of one kernel.
  public var scaling: ScalingFit?
  /// Of the load on this machine.
  public var queue: QueuePlan?
  /// Seconds within which 95 % of the requests are to be answered.
  public var responseGoal: Double?
  public var forecast: LoadForecast?
  /// What the forecast rests on, in ascending order of time.
  public var pastLoad: [PastLoad] = []
  public var fleet: FleetPlan?
  /// Until when the best of the fleets keeps the goal.
  public var outlook: FleetOutlook?
  /// Why that is not known.
  public var outlookProblem: String?
  /// Of a command or process, by `advisor why`.
  public var observation: ObservationDocument?
  /// Newest first.
  public var runs: [HistoryEntry] = []

  public init(profile: MachineProfile) {
    self.profile = profile
    scaling = fittedSpeedup
  }

  public var document: ReportDocument {
    let machine = profile.machine
    return ReportDocument(
      title: "Capacity report",
      subtitle: "\(machine.model ?? machine.architecture ?? "Unknown machine"), "
        + "\(Quantity.significant(machine.usable.effectiveCPUs)) CPUs usable; measured \(profile.createdAt), "
        + "level \(profile.level.rawValue)",
      sections: [
        answer, why, machineSection, costs, candidates, strategyMapSection, speedup, concurrency, latency, headroom,
        forecastSection, fleetSection, past, assumptions, notMeasured,
      ] + observed)
  }
}
