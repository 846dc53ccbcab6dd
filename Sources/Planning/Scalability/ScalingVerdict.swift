private import AdvisorCore

/// A fit in plain words: which law, is there a peak, and how far it may be trusted.
struct ScalingVerdict {
  let sentences: [String]

  init(_ model: ScalingFit.Model, workers: ClosedRange<Double>) {
    sentences = [Self.law(model), Self.peak(model, workers.upperBound), Self.reach(model, workers.upperBound)]
  }

  private static func law(_ model: ScalingFit.Model) -> String {
    let name =
      switch model.model {
      case .usl: "the universal scalability law"
      case .amdahl: "Amdahl's law"
      case .ernest: "the Ernest form"
      }
    guard let error = model.leaveOneOutError else {
      return "\(capitalised(name)) goes through the points; there are too few points to judge it."
    }
    guard error <= 0.2 else {
      return "No law describes the measurements well: the best, \(name), has an error "
        + "of \(percent(error)) of the mean on unseen points."
    }
    return
      "\(capitalised(name)) describes the measurements best: its error on unseen points is \(percent(error)) of the mean."
  }

  private static func peak(_ model: ScalingFit.Model, _ most: Double) -> String {
    guard let peak = model.peak else {
      return gain(model) < 0.02
        ? "More workers gain nothing: throughput is the same with the fewest and the most workers measured."
        : "No peak: no measurement shows that more workers make it slower."
    }
    let workers = Quantity.text(count: peak.workers.rounded())
    let throughput = Quantity.text(count: peak.throughput)
    if peak.workers <= most {
      return "Throughput peaks at \(workers) workers with \(throughput)/s; more make it worse."
    }
    return
      "The fitted peak, \(throughput)/s at \(workers) workers, lies beyond the \(Quantity.text(count: most)) measured: "
      + "measure there before you rely on it."
  }

  /// How much more the most workers do than the fewest.
  private static func gain(_ model: ScalingFit.Model) -> Double {
    guard let first = model.predictions.first?.throughput, let last = model.predictions.last?.throughput, first > 0
    else { return .infinity }
    return last / first - 1
  }

  private static func reach(_ model: ScalingFit.Model, _ most: Double) -> String {
    let most = Quantity.text(count: most)
    guard let error = model.extrapolationError else {
      return "Trust it up to \(most) workers: too few points lie below half of that to try it on the rest."
    }
    let trial = "Fitted only up to half of the \(most) workers, its error on the rest is \(percent(error))"
    return error <= 0.1
      ? "\(trial): trust it up to about twice the measured range."
      : "\(trial): do not trust it beyond \(most) workers."
  }

  private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  private static func percent(_ share: Double) -> String { "\(Quantity.text(count: share * 100)) %" }
}
