private import Glibc
public import AdvisorCore
public import Statistics

/// How far the model is off on this machine, learnt from past runs.
///
/// Beliefs about log(observed / predicted) on three levels: the machine, a class of jobs on it, which starts from the machine,
/// and by how much one strategy differs from what is known of the class; and for a strategy that has run such jobs with
/// several numbers of workers, how much worse it scales than predicted.
///
/// A strategy is slow to set itself apart: what is wrong with a job's cost is wrong for every way of running it, and what
/// only the ways that were tried have learnt would turn the choice to those that were not.
public struct Discrepancy: Sendable, Hashable {
  /// One past run.
  public struct Observation: Sendable, Hashable {
    public var strategy: Strategy
    public var workers: Int
    /// See ``AdvisorCore/Job/discrepancyClass``.
    public var jobClass: String
    /// log(observed seconds / median seconds that a model with ``Discrepancy/prior`` predicts for the plan).
    public var logRatio: Double
    /// Standard deviation of the logarithm of the seconds in that prediction, discrepancy left out.
    public var spread: Double

    public init(strategy: Strategy, workers: Int, jobClass: String, logRatio: Double, spread: Double) {
      self.strategy = strategy
      self.workers = workers
      self.jobClass = jobClass
      self.logRatio = logRatio
      self.spread = spread
    }
  }

  /// Knows of no run.
  public static let prior = Discrepancy()

  /// From so many runs on the intervals are checked against them.
  public static let leastRuns = Conformal.leastScores

  /// Before any run: no bias, and errors of about 14 % (MODEL.md, section 5).
  static let unlearnt = NormalInverseGamma(mean: 0, kappa: 1, alpha: 2, beta: 0.02)
  /// The share of old knowledge that survives each run: machines and their neighbours change.
  static let forgetting = 0.9
  /// The share of the discrepancy's variance that all strategies have in common: nearly all of it comes from the costs of the
  /// work itself, so that two strategies' times differ by only a sixth of what either may be off.
  static let commonShare = 0.97

  private struct Leaf: Hashable, Sendable {
    var strategy: Strategy
    var jobClass: String
  }

  /// The mean of a strategy's own runs, drawn to zero as if by some runs that were not off at all.
  private struct Deviation: Hashable, Sendable {
    /// It takes so many runs until they weigh as much as what is known of their class of jobs.
    private static let restraint = 8.0

    private(set) var mean = 0.0
    private var weight = 0.0

    mutating func learn(_ deviation: Double) {
      weight *= forgetting
      mean = (mean * (Self.restraint + weight) + deviation) / (Self.restraint + weight + 1)
      weight += 1
    }
  }

  private var machine = Discrepancy.unlearnt
  private var classes: [String: NormalInverseGamma] = [:]
  /// By how much runs of a strategy were off the class's belief at the time, on the mean.
  private var deviations: [Leaf: Deviation] = [:]
  private var residuals: [Leaf: ScalingResidual] = [:]
  /// Of past runs: how many predicted standard deviations the observation was off.
  private var scores: [Double] = []

  public init() {}

  /// - Parameter observations: past runs, the oldest first.
  public init(_ observations: some Sequence<Observation>) {
    for observation in observations { learn(observation) }
  }

  /// How many runs are known.
  public var runs: Int { scores.count }

  /// The factor by which an interval must be widened, or may be narrowed, to cover 90 %; nil below 19 runs.
  public var conformalFactor: Double? { Conformal.quantile(of: scores).map { $0 / 1.645 } }

  /// Takes one more run into account; one whose figures are not finite is ignored.
  public mutating func learn(_ run: Observation) {
    guard run.logRatio.isFinite, run.spread.isFinite, run.spread >= 0 else { return }
    let leaf = Leaf(strategy: run.strategy, jobClass: run.jobClass)
    let expected = logFactor(strategy: run.strategy, jobClass: run.jobClass, workers: run.workers)
    let before = belief(strategy: run.strategy, jobClass: run.jobClass).predictive
    let width = (run.spread * run.spread + before.scale * before.scale).squareRoot()
    scores.append(abs(run.logRatio - expected - before.location) / max(width, 1e-6))
    residuals[leaf, default: ScalingResidual()].learn(workers: run.workers, logRatio: run.logRatio)
    let logRatio = run.logRatio - logFactor(strategy: run.strategy, jobClass: run.jobClass, workers: run.workers)
    let classPrior = Self.start(from: machine)
    let ofClass = Self.updated(classes[run.jobClass] ?? classPrior, with: logRatio, prior: classPrior)
    classes[run.jobClass] = ofClass
    var deviation = deviations[leaf] ?? Deviation()
    deviation.learn(logRatio - ofClass.mean)
    deviations[leaf] = deviation
    machine = Self.updated(machine, with: logRatio, prior: Self.unlearnt)
  }

  /// What is believed of the next run: from its class of jobs where such have run, or else from the level above.
  public func belief(strategy: Strategy, jobClass: String) -> NormalInverseGamma {
    var belief = classes[jobClass] ?? Self.start(from: machine)
    belief.mean += deviations[Leaf(strategy: strategy, jobClass: jobClass)]?.mean ?? 0
    return belief
  }

  /// What so many workers add to the logarithm of the seconds, beside the belief that all numbers of workers have in common.
  func logFactor(strategy: Strategy, jobClass: String, workers: Int) -> Double {
    residuals[Leaf(strategy: strategy, jobClass: jobClass)]?.logFactor(workers: workers) ?? 0
  }

  private static func updated(
    _ belief: NormalInverseGamma, with value: Double, prior: NormalInverseGamma
  ) -> NormalInverseGamma {
    belief.observing(value, prior: prior, forgetting: forgetting)
  }

  /// A belief worth one observation about the expectation of the level above.
  private static func start(from above: NormalInverseGamma) -> NormalInverseGamma {
    let variance = above.beta / max(above.alpha - 1, 1e-6)
    return NormalInverseGamma(
      mean: above.mean, kappa: unlearnt.kappa, alpha: unlearnt.alpha, beta: variance * (unlearnt.alpha - 1))
  }
}

extension Job {
  /// Jobs that the model is likely to misjudge alike: the kinds of their stages, with the decade of the task size.
  public var discrepancyClass: String {
    stages.map { stage in
      let kernel = stage.kind == .cpu ? ":\(stage.kernel.rawValue)" : ""
      return "\(stage.kind.rawValue)\(kernel):1e\(stage.size.decade)"
    }.joined(separator: "+")
  }
}

extension Stage.Size {
  /// The whole number below the decimal logarithm of the size, with its dimension's letter.
  fileprivate var decade: String {
    let (value, letter) =
      switch self {
      case .units(let units): (units, "u")
      case .seconds(let seconds): (seconds, "s")
      case .bytes(let bytes): (bytes, "B")
      }
    guard value > 0, value.isFinite else { return letter }
    return "\(Int((log10(value)).rounded(.down)))\(letter)"
  }
}
