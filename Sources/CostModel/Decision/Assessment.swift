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
  private let widening: Double

  init(_ outcome: Outcome, _ draws: Draws, widening: Double) {
    self.outcome = outcome
    self.widening = widening
    seconds = draws.seconds(of: outcome)
    sorted = seconds.sorted()
    mean = seconds.mean() ?? outcome.seconds
  }

  var p50: Double { sorted.quantileOfSorted(0.5) ?? mean }

  /// A quantile after the conformal factor, which stretches the interval about the median on the log scale.
  func quantile(_ share: Double) -> Double {
    let plain = sorted.quantileOfSorted(share) ?? mean
    return p50 > 0 && plain > 0 ? p50 * power(plain / p50, widening) : plain
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
