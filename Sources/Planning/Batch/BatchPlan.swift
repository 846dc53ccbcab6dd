public import AdvisorCore

/// Whether a batch job meets its deadline here, and what would (`advisor.batch/1`). Times in seconds.
public struct BatchPlan: Codable, Hashable, Sendable {
  /// What one way of running the job is expected to take.
  public struct Estimate: Codable, Hashable, Sendable {
    public var p50: Double
    public var p95: Double

    public init(p50: Double, p95: Double) {
      self.p50 = p50
      self.p95 = p95
    }

    /// As expected of a machine that was scaled from a measured one by doublings or halvings of the CPUs: a tenth more at the
    /// upper end for each. An assumption (docs/model.md, 10.6), which a plan that rests on it says.
    public func scaled(doublings: Double) -> Self { Self(p50: p50, p95: p95 * (1 + Self.errorPerDoubling * doublings)) }

    static let errorPerDoubling = 0.1
  }

  /// The job on one machine.
  public struct Single: Codable, Hashable, Sendable {
    public var name: String
    public var cpus: Int
    /// How to run it there, in words.
    public var plan: String
    public var seconds: Estimate
    public var meetsDeadline: Bool
    /// For the median time; nil without a price.
    @Nullable public var cost: Double?
    /// How often its CPUs are twice or half those of the measured machine that its times are scaled from; 0 where they were
    /// measured on such a machine.
    public var doublings = 0.0
    /// Whether nothing else that was tried is both faster and cheaper (the Pareto front of p95 against cost); false without a
    /// price.
    public var isOnFront = false
  }

  /// The job on several machines of a kind.
  public struct Cluster: Codable, Hashable, Sendable {
    /// Of the kind.
    public var name: String
    /// Of each machine.
    public var cpus: Int
    public var machines: Int
    /// How to run the share of a machine, in words.
    public var plan: String
    /// With starting the cluster.
    public var seconds: Estimate
    public var meetsDeadline: Bool
    /// For all machines, start included; nil without a price.
    @Nullable public var cost: Double?
  }

  /// When a cluster that stays up costs less than one that is started for each run.
  public struct BreakEven: Codable, Hashable, Sendable {
    /// Between the starts of two runs: below it, keep the cluster up.
    public var secondsBetweenRuns: Double
    public var startSeconds: Double
  }

  public static let schema = "advisor.batch/1"

  public var schema = Self.schema
  public var job: String
  public var deadline: Double
  public var here: Single
  /// Other machines that were tried: with prices the cheapest that meet the deadline first, then the fastest of the rest; else
  /// the smallest first.
  public var others: [Single]
  /// The smallest of the others, or the cheapest with prices, that meets the deadline; nil when none does or none is needed.
  @Nullable public var scaleUp: Single?
  /// The fewest machines like this one; nil when no number does or none is needed.
  @Nullable public var scaleOut: Cluster?
  /// Those of the machines with a price that nothing else is both faster and cheaper than, the cheapest first.
  public var clusters: [Cluster]
  @Nullable public var breakEven: BreakEven?
  /// Of the costs; empty where the price list names none.
  public var currency: String
  public var verdict: [Finding]

  /// Whether anything that was tried meets the deadline.
  public var isMet: Bool {
    here.meetsDeadline || scaleUp != nil || scaleOut != nil || clusters.contains(where: \.meetsDeadline)
  }

  /// What a plan says: codes with figures, of which Reports makes sentences. Seconds are medians unless they say p95; a cost is
  /// that of a run.
  public enum Finding: Codable, Hashable, Sendable {
    case meetsDeadline(plan: String)
    case missesDeadline(p95Seconds: Double)
    /// The smallest larger machine, or the cheapest with prices, that meets it.
    case largerMachine(name: String, cpus: Int, seconds: Double, plan: String)
    /// The largest machine that was tried.
    case noLargerMachine(cpus: Int, p95Seconds: Double)
    case noneTried
    /// Of all machines with a price, this one included, alone or several of a kind.
    case cheapest(machines: Int, name: String, cost: Double, p95Seconds: Double, plan: String)
    /// The fewest machines that meet it; 0 seconds of start for a cluster that is up.
    case cluster(machines: Int, seconds: Double, startSeconds: Double)
    case noCluster
    case cheaperMachine(cost: Double, clusterCost: Double)
    case cheaperCluster(cost: Double, machineCost: Double)
    case keepCluster(secondsBetweenRuns: Double)
    /// What is presumed of machines that were scaled from a measured one: so much more at the upper end of their times, as a
    /// share, for each doubling of the CPUs.
    case scaled(errorPerDoubling: Double)
  }
}
