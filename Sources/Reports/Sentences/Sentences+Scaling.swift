import AdvisorCore
import Planning

/// Which law a fit has found, whether there is a peak, and how far it may be trusted.
extension Sentences {
  func text(_ finding: ScalingFit.Finding) -> String {
    switch finding {
    case .law(let law, let error):
      "\(name(law).capitalisedFirst) describes the measurements best: its error on unseen points is \(rounded(error)) of "
        + "the mean."
    case .untestedLaw(let law):
      "\(name(law).capitalisedFirst) goes through the points; there are too few points to judge it."
    case .noLaw(let best, let error):
      "No law describes the measurements well: the best, \(name(best)), has an error of \(rounded(error)) of the mean on "
        + "unseen points."
    case .noGain: "More workers gain nothing: throughput is the same with the fewest and the most workers measured."
    case .noPeak: "No peak: no measurement shows that more workers make it slower."
    case .peak(let workers, let throughput):
      "Throughput peaks at \(whole(workers)) workers with \(Quantity.text(count: throughput))/s; more make it worse."
    case .peakBeyond(let workers, let throughput, let measured):
      "The fitted peak, \(Quantity.text(count: throughput))/s at \(whole(workers)) workers, lies beyond the "
        + "\(Quantity.text(count: measured)) measured: measure there before you rely on it."
    case .untestedRange(let workers):
      "Trust it up to \(Quantity.text(count: workers)) workers: too few points lie below half of that to try it on the rest."
    case .extrapolates(let workers, let error):
      "\(trial(workers, error)): trust it up to about twice the measured range."
    case .doesNotExtrapolate(let workers, let error):
      "\(trial(workers, error)): do not trust it beyond \(Quantity.text(count: workers)) workers."
    }
  }

  private func name(_ law: ScalingFit.ModelName) -> String {
    switch law {
    case .usl: "the universal scalability law"
    case .amdahl: "Amdahl's law"
    case .ernest: "the Ernest form"
    }
  }

  private func trial(_ workers: Double, _ error: Double) -> String {
    "Fitted only up to half of the \(Quantity.text(count: workers)) workers, its error on the rest is \(rounded(error))"
  }

  private func whole(_ workers: Double) -> String { Quantity.text(count: workers.rounded()) }

  private func rounded(_ share: Double) -> String { "\(Quantity.text(count: share * 100)) %" }
}

extension ScalingFit {
  var sentences: [String] { verdict.map(Sentences().text) }
}
