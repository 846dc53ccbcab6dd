public import AdvisorCore
public import Planning

/// What a capacity report is made of (`advisor.report/1`); what is not known is nil, and the report says so.
public struct CapacityReport: Codable, Sendable {
  public static let schema = "advisor.report/1"

  public var schema = Self.schema
  public var profile: MachineProfile
  public var recommendation: Recommendation?
  /// Of the measured speedups of one kernel.
  public var scaling: ScalingFit?
  public var queue: QueuePlan?
  public var forecast: LoadForecast?
  public var fleet: FleetPlan?
  /// Newest first.
  public var runs: [HistoryEntry]

  public init(
    profile: MachineProfile, recommendation: Recommendation?, scaling: ScalingFit?, queue: QueuePlan?,
    forecast: LoadForecast?, fleet: FleetPlan?, runs: [HistoryEntry]
  ) {
    self.profile = profile
    self.recommendation = recommendation
    self.scaling = scaling
    self.queue = queue
    self.forecast = forecast
    self.fleet = fleet
    self.runs = runs
  }

  public var document: ReportDocument {
    let machine = profile.machine
    return ReportDocument(
      title: "Capacity report",
      subtitle: "\(machine.model ?? machine.architecture ?? "Unknown machine"), "
        + "\(Quantity.significant(machine.usable.effectiveCPUs)) CPUs usable; measured \(profile.createdAt), "
        + "level \(profile.level.rawValue)",
      sections: [
        answer, candidates, machineSection, scalingSection, concurrency, queueSection, forecastSection, fleetSection,
        past,
        fixedCosts, assumptions,
      ])
  }
}
