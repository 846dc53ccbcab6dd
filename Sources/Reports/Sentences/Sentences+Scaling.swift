import AdvisorCore
import Planning

/// Which law a fit has found, whether there is a peak, and how far it may be trusted.
extension Sentences {
  /// - Parameter unit: of throughput.
  func text(_ finding: ScalingFit.Finding, in unit: QuantityUnit? = nil) -> String {
    let rate = { (throughput: Double) in QuantityUnit.text(throughput, in: unit) }
    return switch finding {
    case .law(let law, let error):
      "\(name(law).capitalisedFirst) describes the measurements best: its error on unseen points is \(percent(error)) of "
        + "the mean."
    case .untestedLaw(let law):
      "\(name(law).capitalisedFirst) goes through the points; there are too few points to judge it."
    case .noLaw(let best, let error): noLaw(best, error)
    case .fewPoints(let points, let coefficients):
      "\(count(points, "point")) for \(count(coefficients, "coefficient")): such a curve meets them whatever is true. Measure more."
    case .peakSignificant(let probability):
      "It fits better than Amdahl's law, which has no peak (F test, \(chance(probability)))."
    case .peakUndecided(let probability):
      "A law with a peak fits no better (F test, \(chance(probability))): more workers may still slow it "
        + "down beyond what was measured."
    case .noGain: "More workers gain nothing: throughput is the same with the fewest and the most workers measured."
    case .noPeak: "No peak: no measurement shows that more workers make it slower."
    case .peak(let workers, let throughput, let bestWorkers, let best):
      "Throughput peaks at \(count(workers.rounded(), "worker")) with \(rate(throughput)); more make it worse. The best measured is "
        + "\(rate(best)) at \(Quantity.text(count: bestWorkers))."
    case .bestMeasured(let workers, let throughput):
      "The best measured is \(rate(throughput)) at \(count(workers, "worker"))."
    case .limit(let throughput): "However many workers, throughput stays below \(rate(throughput))."
    case .efficiency(let workers, let share):
      "At \(count(workers, "worker")) each does \(percent(share)) of what one did with the fewest."
    case .superlinear(let workers, let factor): superlinear(workers, factor)
    case .peakBeyond(let workers, let throughput, let measured):
      peakBeyond(workers, rate(throughput), measured: measured)
    case .untestedRange(let workers):
      "Trust it up to \(count(workers, "worker")): too few points lie below half of that to try it on the rest."
    case .extrapolates(let workers, let error):
      "\(trial(workers, error)): trust it up to about twice the measured range."
    case .withinCPUs(let cpus):
      "Trust it up to the machine's \(count(cpus, "CPU")); beyond them workers share, and nothing measured applies."
    case .onlyMeasured: "Use the measurements alone: do not trust a curve between them or beyond."
    case .doesNotExtrapolate(let workers, let error):
      "\(trial(workers, error)): do not trust it beyond \(count(workers, "worker"))."
    }
  }

  private func name(_ law: ScalingFit.ModelName) -> String {
    switch law {
    case .usl: "the universal scalability law"
    case .amdahl: "Amdahl's law"
    case .ernest: "the Ernest form"
    }
  }

  private func noLaw(_ best: ScalingFit.ModelName, _ error: Double) -> String {
    "No law describes the measurements well: the best, \(name(best)), has an error of \(percent(error)) of the mean on "
      + "unseen points."
  }

  private func peakBeyond(_ workers: Double, _ throughput: String, measured: Double) -> String {
    "The fitted peak, \(throughput) at \(count(workers.rounded(), "worker")), lies beyond the \(Quantity.text(count: measured)) "
      + "measured: measure there before you rely on it."
  }

  private func superlinear(_ workers: Double, _ factor: Double) -> String {
    "Superlinear: \(count(workers, "worker does", "workers do")) \(Quantity.significant(factor)) times the work of one, "
      + "which no law here allows. Often their data fits into caches, or the first run was cold: repeat that one."
  }

  private func trial(_ workers: Double, _ error: Double) -> String {
    "Fitted only up to half of the \(count(workers, "worker")), its error on the rest is \(percent(error))"
  }

  /// A chance, no smaller than it is worth telling.
  private func chance(_ p: Double) -> String { p < 0.001 ? "p < 0.001" : "p = \(Quantity.significant(p))" }
}

extension ScalingFit {
  var sentences: [String] { verdict.map { Sentences().text($0, in: unit) } }
}
