public import AdvisorCore
public import Planning

/// What a report says first: what to do, by when, for how much, and how sure that is. Seconds, requests a second, and the currency
/// of the price list.
public struct ReportAnswer: Codable, Hashable, Sendable {
  /// Whether there is something to do: nothing soon, something soon or something uncertain, something now.
  public enum Standing: String, Codable, Sendable, Comparable {
    case green, amber, red

    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .green: 0
      case .amber: 1
      case .red: 2
      }
    }
  }

  /// Codes with figures, of which Reports makes sentences.
  public enum Statement: Codable, Hashable, Sendable {
    // The headline.
    case actNow
    case actBefore(date: String)
    case fineUntil(date: String)
    case fine
    case unreachable
    case advised
    case nothingAsked

    // What to do.
    case runMachines(machines: Int, name: String, spare: Int, arrivalRate: Double)
    case noMachines(name: String)
    case raiseCapacity
    case keepCapacity
    case useCPUs(cpus: Int, arrivalRate: Double, serviceTime: Double)
    case useWorkers(workers: Double, throughput: Double)
    case runJob(job: String, plan: String)
    case noJob
    case nameJob

    // By when.
    case exceeded
    case machinesUntil(machines: Int, failed: Int, date: String)
    case machinesLast(machines: Int, failed: Int)
    case moreMachines(stages: [FleetOutlook.Stage])
    case capacityUntil(date: String)
    case capacityLasts(steps: Int)
    case noHistory
    case outlookUnknown
    case jobTakes(p50: Double, p5: Double, p95: Double)

    // What it costs.
    case price(perHour: Double, currency: String, perMonth: Double)
    case jobCost(perRun: Double, currency: String)
    case noPrice

    // How sure.
    case guess
    case upperEnd(level: Double, trend: String)
    case upperEndOnly(level: Double)
    case intervalBelow(level: Double)
    /// Of the past load, those that the forecast rests on.
    case restsOn(points: Int)
    case otherLoads(less: Int, more: Int)
    case confidence(share: Double)
    case exponential
    case fitError(share: Double)
    case fitUnknown
  }

  @Nullable public var standing: Standing?
  public var headline: Statement
  public var actions: [Statement]
  public var dates: [Statement] = []
  public var costs: [Statement] = []
  public var certainties: [Statement] = []

  /// The worse standing, and what this one says first.
  func joined(with other: Self) -> Self {
    var joined = self
    joined.standing = [standing, other.standing].compactMap(\.self).max()
    joined.actions += other.actions
    joined.dates += other.dates
    joined.costs += other.costs.filter { $0 != .noPrice }
    joined.certainties += other.certainties
    return joined
  }
}
