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

  /// Where, when and how a report was made.
  public struct Origin: Codable, Hashable, Sendable {
    public var host: String
    /// In UTC, as ISO 8601 has it.
    public var date: String
    public var version: String
    /// As it may be typed again.
    public var command: String

    public init(host: String, date: String, version: String, command: String) {
      self.host = host
      self.date = date
      self.version = version
      self.command = command
    }
  }

  public static let schema = "advisor.report/1"

  public var schema = Self.schema
  public var origin: Origin?
  public var profile: MachineProfile
  public var recommendation: RecommendationDocument?
  /// Why there is no recommendation for a job that was named.
  public var adviceProblem: String?
  /// Of the job's kind, or of computing where no job was named.
  public var strategyMap: StrategyMap?
  /// Of the measured speedups of one kernel.
  public var scaling: ScalingFit?
  /// Of a planner's own measurements.
  public var measured: ScalingFit?
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
  /// Of this machine; nil without a price list that has it.
  public var pricePerHour: Double?
  /// Of the price list; empty where it names none.
  public var currency = ""
  /// Newest first.
  public var runs: [HistoryEntry] = []

  public init(profile: MachineProfile) {
    self.profile = profile
    scaling = fittedSpeedup
  }

  public var document: ReportDocument {
    let main = [forecastSection, latency, fleetSection, measuredSection, candidates, why, assumptions] + observed
    let checks = [machineSection, costs, strategyMapSection, speedup, concurrency, past, notMeasured]
    return ReportDocument(
      title: "Capacity report", subtitle: subtitle, command: origin?.command, answer: answer.box(of: self),
      keyFigures: keyFigures, sections: main.filter { !$0.isEmpty },
      appendix: checks.filter { !$0.isEmpty } + [Self.absent(main + checks)].filter { !$0.isEmpty })
  }

  private var subtitle: String {
    let machine = profile.machine
    let name = machine.model ?? machine.architecture ?? "Unknown machine"
    let facts =
      (origin.map { ["\($0.host), \(Self.minute($0.date))", $0.version] } ?? []) + [
        "\(name), \(count(machine.usable.effectiveCPUs, "CPU")) usable",
        "costs measured \(Self.minute(profile.createdAt)), level \(profile.level.rawValue)",
      ]
    return facts.joined(separator: " · ")
  }

  /// `2026-11-29T13:57:35Z` as people write it, to the minute.
  private static func minute(_ date: String) -> String {
    let parts = date.split(separator: "T")
    guard parts.count == 2, date.hasSuffix("Z") else { return date }
    return "\(parts[0]) \(parts[1].prefix(5)) UTC"
  }

  /// What no section of its own is made for.
  private static func absent(_ sections: [ReportDocument.Section]) -> ReportDocument.Section {
    ReportDocument.Section(
      title: "Not in this report",
      points: sections.filter(\.isEmpty).flatMap { section in section.missing.map { "\(section.title): \($0)" } })
  }
}
