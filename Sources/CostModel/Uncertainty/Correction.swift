import AdvisorCore
import Statistics
private import func Glibc.exp
private import func Glibc.log
private import func Glibc.pow

/// What past runs make of a prediction: on the logarithmic scale its median moves, and the distances from it shrink or grow.
struct Correction: Hashable, Sendable {
  static let none = Correction(shift: 0, stretch: 1, believed: nil)

  var shift: Double
  var stretch: Double
  /// The logarithmic interval that enough runs of the same class and strategy show by themselves; nil where they are too few. The
  /// 90 % interval leaves the one that there is without past runs only as far as this does.
  var believed: ClosedRange<Double>?

  /// - Parameters:
  ///   - spread: the prediction without past runs.
  ///   - minMedian: below which the median cannot be.
  func applied(to seconds: [Double], of spread: Spread, minMedian: Double) -> [Double] {
    guard self != .none, spread.median > 0 else { return seconds }
    let shifted = spread.median * exp(shift)
    let median = max(shifted, minMedian)
    // A median that cannot be leaves the interval's lower end where past runs see it.
    let below = median > shifted ? stretch + log(median / shifted) / spread.below : stretch
    return seconds.map { median * pow($0 / spread.median, $0 < spread.median ? below : stretch) }
  }

  /// Where the 90 % interval must stay.
  func bounds(of spread: Spread) -> ClosedRange<Double>? {
    let low = min(spread.p5, believed.map { spread.median * exp($0.lowerBound) } ?? .infinity)
    let high = max(spread.p95, believed.map { spread.median * exp($0.upperBound) } ?? 0)
    return low <= high ? low...high : nil
  }
}

extension Correction {
  /// The part of what past runs say that lies within bounds, or where they hardly meet no less than the nearer half of these.
  ///
  /// - Parameters:
  ///   - spread: the prediction without past runs; its ends and its median differ.
  ///   - learnt: the interval that past runs say.
  init(_ spread: Spread, learnt: ClosedRange<Double>, believed: ClosedRange<Double>?) {
    let lowest = min(-spread.below, believed?.lowerBound ?? 0)
    let highest = max(spread.above, believed?.upperBound ?? 0)
    let width = min(learnt.upperBound - learnt.lowerBound, (highest - lowest) / 2)
    let low = min(max(lowest, learnt.lowerBound), highest - width)
    let high = max(min(highest, learnt.upperBound), lowest + width)
    let stretch = (high - low) / (2 * spread.reach)
    self.init(shift: low + stretch * spread.below, stretch: stretch, believed: believed)
  }
}

/// The quantiles of a prediction.
struct Spread: Hashable, Sendable {
  var p5: Double
  var median: Double
  var p95: Double

  /// How far the interval reaches below the median on the logarithmic scale, and above it.
  var below: Double { p5 > 0 ? log(median / p5) : 0 }
  var above: Double { median > 0 ? log(p95 / median) : 0 }
  /// Half the interval's width on the logarithmic scale.
  var reach: Double { (below + above) / 2 }
}

extension Spread {
  init(sorted: [Double]) {
    self.init(
      p5: sorted.quantileOfSorted(0.05) ?? 0, median: sorted.quantileOfSorted(0.5) ?? 0,
      p95: sorted.quantileOfSorted(0.95) ?? 0)
  }
}

extension Discrepancy {
  /// How a prediction must be corrected that says so without past runs.
  func correction(
    of spread: Spread, _ strategy: Strategy, workers: Int, _ jobClass: JobClass
  ) -> Correction {
    let seconds = spread.median
    let reach = spread.reach
    let family =
      Self.isTelling(seconds) ? families[Family(strategy: strategy, kind: jobClass.kind)] : nil
    let runs = (classes[jobClass] ?? []).filter { $0.isTelling || $0.strategy == strategy }
    guard family != nil || !runs.isEmpty, spread.below > 0, spread.above > 0, reach.isFinite else { return .none }
    let scale = reach / ClassBelief.priorReach
    let variance = family?.variance(within: scale * scale) ?? scale * scale
    func interval(_ runs: [Run]) -> ClosedRange<Double> {
      var learnt = ClassBelief(variance: variance)
      let counts = runs.reduce(into: [:]) { $0[$1.occasion, default: 0.0] += 1 }
      for run in runs {
        learnt.learn(
          run.logRatio(for: seconds) - logFactor(strategy: run.strategy, jobClass: jobClass, workers: run.workers),
          run.strategy, occasion: run.occasion, weight: 1 / (counts[run.occasion] ?? 1))
      }
      let shift = learnt.mean(of: strategy) + logFactor(strategy: strategy, jobClass: jobClass, workers: workers)
      // The median moves by no more than some run has shown.
      let shown = runs.map { $0.logRatio(for: seconds) }
      let middle = min(max(0, shown.max() ?? 0), max(min(0, shown.min() ?? 0), shift))
      let stretch = learnt.reach(of: strategy) / reach
      return middle - stretch * spread.below...middle + stretch * spread.above
    }
    let own = runs.filter { $0.strategy == strategy }
    return Correction(
      spread, learnt: interval(runs), believed: own.count >= Self.minRuns ? interval(own) : nil)
  }
}

/// What is believed of a class of jobs, and by how much each strategy differs from that.
///
/// A strategy is slow to set itself apart: what is wrong with a job's cost is wrong for every way of running it, and what
/// only the ways that were tried have learnt would turn the choice to those that were not.
private struct ClassBelief {
  /// Runs of a strategy that weigh as much as what is known of its class.
  private static let restraint = 8.0
  /// A strategy differs from its class by half the variance with which the same work differs from run to run.
  private static let deviation = 0.5

  private struct Deviation {
    var mean = 0.0
    var weight = 0.0
  }

  /// Half of the variance of a run's error is its class's, and the first few runs say little of how they spread: found on
  /// simulated days, on which every class must gain.
  private static let (kappa, alpha) = (1.0, 5.0)

  /// How many scales the 90 % interval reaches to either side before any run.
  static let priorReach = StudentT(degreesOfFreedom: 2 * alpha).quantile(0.95)

  private let prior: NormalInverseGamma
  private var belief: NormalInverseGamma
  private var deviations: [Strategy: Deviation] = [:]
  /// How many scales of the belief at the time the first run of each occasion was off: of the others more was known.
  private var scores: [Double] = []
  private var occasion: Int?

  /// - Parameter variance: the squared scale of the error of the logarithm, before any run of the class.
  init(variance: Double) {
    prior = NormalInverseGamma(
      mean: 0, kappa: Self.kappa, alpha: Self.alpha,
      beta: variance * Self.alpha / (1 + 1 / Self.kappa + Self.deviation))
    belief = prior
  }

  func mean(of strategy: Strategy) -> Double { belief.mean + (deviations[strategy]?.mean ?? 0) }

  /// How far the 90 % interval of the next run reaches: by Student's t, or from 19 occasions on as past runs say.
  func reach(of strategy: Strategy) -> Double {
    scale(of: strategy)
      * (Conformal.quantile(of: scores) ?? StudentT(degreesOfFreedom: 2 * belief.alpha).quantile(0.95))
  }

  /// The fewer runs of its own a strategy has, the less is known of how it differs.
  private func scale(of strategy: Strategy) -> Double {
    let own = deviations[strategy]?.weight ?? 0
    let variance = belief.beta / belief.alpha
    return (variance * (1 + 1 / belief.kappa + 1 / (1 / Self.deviation + own))).squareRoot()
  }

  /// - Parameter weight: of the run, where all of an occasion together weigh as one.
  mutating func learn(_ logRatio: Double, _ strategy: Strategy, occasion: Int, weight: Double) {
    if occasion != self.occasion { scores.append(abs(logRatio - mean(of: strategy)) / max(scale(of: strategy), 1e-6)) }
    self.occasion = occasion
    belief = belief.observing(logRatio, weight: weight, prior: prior, forgetting: Discrepancy.forgetting)
    var own = deviations[strategy] ?? Deviation()
    own.weight *= pow(Discrepancy.forgetting, weight)
    let before = Self.restraint + own.weight
    own.mean = (own.mean * before + weight * (logRatio - belief.mean)) / (before + weight)
    own.weight += weight
    deviations[strategy] = own
  }
}
