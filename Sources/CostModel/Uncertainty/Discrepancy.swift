public import AdvisorCore
private import func Glibc.expm1
private import func Glibc.log
private import func Glibc.log10
private import func Glibc.log1p
import Statistics

/// How far the model is off on this machine, learnt from past runs.
///
/// A run says most of runs of its own class: jobs of its kinds and size, by its strategy before others. Of the same kinds in
/// other sizes it says how near the model comes with that strategy, never in which direction it is off; of anything else,
/// nothing. Runs of one occasion are one piece of evidence together: what the host does with memory and loopback moves them
/// all alike, and differs from the next (docs/model.md, 6.2). What is said here of a class that has not run ``minRuns`` times
/// that way stays within what would be said without past runs.
public struct Discrepancy: Sendable, Hashable {
  /// One past run.
  public struct Observation: Sendable, Hashable {
    public var strategy: Strategy
    public var workers: Int
    public var jobClass: JobClass
    /// What a model with ``Discrepancy/prior`` predicts for the plan.
    public var predictedSeconds: Double
    public var observedSeconds: Double
    /// What runs have in common that follow each other closely; nil for one that has nothing in common with others.
    public var occasion: String?

    public init(
      strategy: Strategy, workers: Int, jobClass: JobClass, predictedSeconds: Double, observedSeconds: Double,
      occasion: String? = nil
    ) {
      self.strategy = strategy
      self.workers = workers
      self.jobClass = jobClass
      self.predictedSeconds = predictedSeconds
      self.observedSeconds = observedSeconds
      self.occasion = occasion
    }
  }

  /// Knows of no run.
  public static let prior = Discrepancy()

  /// Runs of a class, by one strategy, that are believed whatever a model without past runs says.
  public static let minRuns = 5
  /// Occasions on which a class ran from which on its intervals are checked against them.
  public static let minCheckedOccasions = Conformal.minScores

  /// The share of old knowledge that survives each occasion: machines and their neighbours change.
  static let forgetting = 0.9
  /// The share of the discrepancy's variance that all strategies have in common: nearly all of it comes from the costs of the
  /// work itself, so that two strategies' times differ by only a sixth of what either may be off.
  static let commonShare = 0.97
  /// Of a class and a strategy; older ones have been forgotten anyway: 0.9⁴⁸ is below 1 %.
  private static let maxRuns = 48
  /// What is missing from the model of a shorter run is a fixed cost, some 40 µs, which tells nothing of runs that take longer.
  private static let minTellingSeconds = 1e-2
  /// A run that took a million times what was predicted tells of a broken clock.
  private static let maxRatio = 1e6

  /// Whether runs that are predicted to take so long, and longer ones, say anything of each other.
  static func isTelling(_ predictedSeconds: Double) -> Bool { predictedSeconds >= minTellingSeconds }

  struct Leaf: Hashable, Sendable {
    var strategy: Strategy
    var jobClass: JobClass
  }

  /// Runs of the same kinds, in any size, by one strategy.
  struct Family: Hashable, Sendable {
    var strategy: Strategy
    var kind: String
  }

  /// The occasion of the newest run.
  private struct Newest: Hashable, Sendable {
    var name: String?
    var number = 0

    mutating func go(to name: String?) {
      if name == nil || name != self.name { number += 1 }
      self.name = name
    }
  }

  /// A run as it is kept.
  struct Run: Hashable, Sendable {
    var strategy: Strategy
    var workers: Int
    var predictedSeconds: Double
    var logRatio: Double
    /// Counted from the first that is known.
    var occasion: Int

    /// Whether it says anything of other strategies and sizes.
    var isTelling: Bool { Discrepancy.isTelling(predictedSeconds) }

    /// What it says of a run that is predicted to take so long: a factor, or where a fixed cost is missing no more than that.
    func logRatio(for seconds: Double) -> Double {
      isTelling ? logRatio : log1p(expm1(logRatio) * min(1, predictedSeconds / seconds))
    }
  }

  private(set) var classes: [JobClass: [Run]] = [:]
  private(set) var families: [Family: FamilyError] = [:]
  private(set) var residuals: [Leaf: ScalingResidual] = [:]
  private var newest = Newest()

  public init() {}

  /// - Parameter observations: past runs, the oldest first.
  public init(_ observations: some Sequence<Observation>) {
    for observation in observations { learn(observation) }
  }

  /// How many runs of that class are known.
  public func runs(of jobClass: JobClass) -> Int { classes[jobClass]?.count ?? 0 }

  /// On how many occasions.
  public func occasions(of jobClass: JobClass) -> Int { Set(classes[jobClass]?.map(\.occasion) ?? []).count }

  /// Takes one more run into account; one whose figures cannot be is ignored.
  public mutating func learn(_ run: Observation) {
    let ratio = run.observedSeconds / run.predictedSeconds
    guard run.predictedSeconds > 0, run.observedSeconds > 0, ratio < Self.maxRatio, ratio > 1 / Self.maxRatio else {
      return
    }
    let logRatio = log(ratio)
    let leaf = Leaf(strategy: run.strategy, jobClass: run.jobClass)
    newest.go(to: run.occasion)
    let kept = Run(
      strategy: run.strategy, workers: run.workers, predictedSeconds: run.predictedSeconds, logRatio: logRatio,
      occasion: newest.number)
    keep(kept, in: run.jobClass)
    guard kept.isTelling else { return }
    residuals[leaf, default: ScalingResidual()].learn(workers: run.workers, logRatio: logRatio)
    families[Family(strategy: run.strategy, kind: run.jobClass.kind), default: FamilyError()].learn(
      logRatio, occasion: newest.number)
  }

  private mutating func keep(_ run: Run, in jobClass: JobClass) {
    var runs = classes[jobClass] ?? []
    if runs.count(where: { $0.strategy == run.strategy }) >= Self.maxRuns,
      let oldest = runs.firstIndex(where: { $0.strategy == run.strategy })
    {
      runs.remove(at: oldest)
    }
    classes[jobClass] = runs + [run]
  }

  /// What a number of workers adds to the logarithm of the seconds, beside what all numbers of workers have in common.
  func logFactor(strategy: Strategy, jobClass: JobClass, workers: Int) -> Double {
    residuals[Leaf(strategy: strategy, jobClass: jobClass)]?.logFactor(workers: workers) ?? 0
  }
}

/// How near the model comes to runs of a kind, whatever their size.
struct FamilyError: Hashable, Sendable {
  /// Errors beyond what is deemed possible say no more than that.
  private static let maxError = 0.5

  private struct Occasion: Hashable, Sendable {
    var number = 0
    var runs = 0.0
    var squares = 0.0
  }

  /// Of the occasions that are over, each of which weighs as one run.
  private var weight = 0.0
  private var squares = 0.0
  private var newest = Occasion()

  private var sums: (weight: Double, squares: Double) {
    guard newest.runs > 0 else { return (weight, squares) }
    return (weight * Discrepancy.forgetting + 1, squares * Discrepancy.forgetting + newest.squares / newest.runs)
  }

  mutating func learn(_ logRatio: Double, occasion: Int) {
    if occasion != newest.number {
      (weight, squares) = sums
      newest = Occasion(number: occasion)
    }
    let error = min(Self.maxError, abs(logRatio))
    newest.runs += 1
    newest.squares += error * error
  }

  /// Runs that weigh as much as what is presumed without any.
  private static let restraint = 22.0

  /// The variance of the error of another run, where that would be `variance` without these: never more.
  func variance(within variance: Double) -> Double {
    min(variance, (variance * Self.restraint + sums.squares) / (Self.restraint + sums.weight))
  }
}

/// Jobs that the model is likely to misjudge alike.
public struct JobClass: Sendable, Hashable, CustomStringConvertible {
  /// The kinds of the stages, with the kernels of those that compute.
  public var kind: String
  /// The decades of their number of tasks and of their size.
  public var size: String

  public init(kind: String, size: String) {
    self.kind = kind
    self.size = size
  }

  public var description: String { "\(kind):\(size)" }
}

extension Job {
  public var discrepancyClass: JobClass {
    let kinds = stages.map { $0.kind == .cpu ? "\($0.kind.rawValue):\($0.kernel.rawValue)" : $0.kind.rawValue }
    let sizes = stages.map { "1e\(wholeLog10(Double($0.count)))x\($0.size.decade)" }
    return JobClass(kind: kinds.joined(separator: "+"), size: sizes.joined(separator: "+"))
  }
}

extension Stage.Size {
  /// The decade of the size, with its dimension's letter.
  fileprivate var decade: String {
    let (value, letter) =
      switch self {
      case .units(let units): (units, "u")
      case .seconds(let seconds): (seconds, "s")
      case .bytes(let bytes): (bytes, "B")
      }
    guard value > 0, value.isFinite else { return letter }
    return "1e\(wholeLog10(value))\(letter)"
  }
}

private func wholeLog10(_ value: Double) -> Int { Int(log10(value).rounded(.down)) }
