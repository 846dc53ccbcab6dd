import AdvisorCore
import Statistics

/// A candidate in all the worlds that were drawn.
struct Assessment {
  var outcome: Outcome
  /// In each world.
  var seconds: [Double]
  var mean: Double
  /// Ascending.
  private var sorted: [Double]
  /// Of the 90 % interval.
  private var bounds: ClosedRange<Double>?
  /// Width of the 90 % interval over its median, as it is without past runs.
  private(set) var widthWithoutHistory: Double

  /// - Parameters:
  ///   - discrepancy: what past runs say of such jobs.
  init(_ outcome: Outcome, _ draws: Draws, _ discrepancy: Discrepancy, _ jobClass: JobClass) {
    self.outcome = outcome
    let drawn = draws.seconds(of: outcome)
    let ascending = drawn.sorted()
    let median = ascending.quantileOfSorted(0.5) ?? 0
    let raised = median > 0 ? max(1, outcome.minSeconds / median) : 1
    func possible(_ seconds: [Double]) -> [Double] { raised > 1 ? seconds.map { $0 * raised } : seconds }
    let spread = Spread(sorted: possible(ascending))
    widthWithoutHistory = spread.median > 0 ? (spread.p95 - spread.p5) / spread.median : 0
    // Past runs are this machine's.
    let correction =
      outcome.engine == nil
      ? discrepancy.correction(of: spread, outcome.strategy, workers: outcome.workers, jobClass) : .none
    func corrected(_ seconds: [Double]) -> [Double] {
      correction.applied(to: possible(seconds), of: spread, minMedian: outcome.minSeconds)
    }
    bounds = correction.bounds(of: spread)
    seconds = corrected(drawn)
    sorted = corrected(ascending)
    mean = seconds.mean() ?? outcome.seconds
  }

  var p50: Double { quantile(0.5) }

  /// - Parameter share: 0.05 to 0.95.
  func quantile(_ share: Double) -> Double {
    let plain = sorted.quantileOfSorted(share) ?? mean
    return bounds.map { min($0.upperBound, max($0.lowerBound, plain)) } ?? plain
  }

  func objective(_ objective: Goal.Objective) -> Double {
    switch objective {
    case .time: mean
    case .p90: quantile(0.9)
    case .cpu: outcome.cpuSeconds
    case .memory: outcome.memoryBytes
    }
  }

  var prediction: Prediction {
    let median = p50
    let scale = outcome.seconds > 0 ? median / outcome.seconds : 1
    let parts = outcome.parts.map { Prediction.Part(name: $0.name.rawValue, seconds: $0.seconds * scale) }
    let fixed = outcome.fixedSeconds * scale
    return Prediction(
      seconds: .init(p5: quantile(0.05), p50: median, p95: quantile(0.95)), cpuSeconds: outcome.cpuSeconds,
      memoryBytes: outcome.memoryBytes, fixedSeconds: fixed, variableSeconds: max(0, median - fixed), breakdown: parts)
  }

  /// - Parameter sequential: median seconds of the work done one task after the other.
  func candidate(sequential: Double?) -> Candidate {
    let prediction = prediction
    return Candidate(
      strategy: outcome.strategy, engine: outcome.engine, workers: outcome.workers, chunk: outcome.chunk,
      stageWorkers: outcome.stageWorkers, predicted: prediction,
      speedup: (sequential ?? prediction.seconds.p50) / max(prediction.seconds.p50, 1e-12),
      bindingLimit: outcome.limit)
  }
}
