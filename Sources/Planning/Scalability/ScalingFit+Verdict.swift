extension ScalingFit {
  /// What a fit says: codes with figures, of which Reports makes sentences. An error is a share of the mean throughput.
  public enum Finding: Codable, Hashable, Sendable {
    // Which law.

    case law(law: ModelName, error: Double)
    /// Too few points are left to judge it.
    case untestedLaw(law: ModelName)
    /// Not even the best law describes the measurements.
    case noLaw(best: ModelName, error: Double)

    // Whether there is a peak.

    case noGain
    case noPeak
    case peak(workers: Double, throughput: Double)
    /// A fitted peak beyond the most workers measured.
    case peakBeyond(workers: Double, throughput: Double, measured: Double)

    // How far it may be trusted: up to that many workers.

    /// Too few points to try it on those that were left out.
    case untestedRange(workers: Double)
    case extrapolates(workers: Double, error: Double)
    case doesNotExtrapolate(workers: Double, error: Double)
  }
}

extension ScalingFit.Model {
  /// Which law, whether there is a peak, and how far it may be trusted, where that many workers were measured at most.
  func verdict(maxWorkers most: Double) -> [ScalingFit.Finding] { [law, peakFinding(most), range(most)] }

  private var law: ScalingFit.Finding {
    guard let error = leaveOneOutError else { return .untestedLaw(law: model) }
    return error <= 0.2 ? .law(law: model, error: error) : .noLaw(best: model, error: error)
  }

  private func peakFinding(_ most: Double) -> ScalingFit.Finding {
    guard let peak else { return gain < 0.02 ? .noGain : .noPeak }
    return peak.workers <= most
      ? .peak(workers: peak.workers, throughput: peak.throughput)
      : .peakBeyond(workers: peak.workers, throughput: peak.throughput, measured: most)
  }

  /// How much more the most workers do than the fewest.
  private var gain: Double {
    guard let first = predictions.first?.throughput, let last = predictions.last?.throughput, first > 0 else {
      return .infinity
    }
    return last / first - 1
  }

  private func range(_ most: Double) -> ScalingFit.Finding {
    guard let error = extrapolationError else { return .untestedRange(workers: most) }
    return error <= 0.1
      ? .extrapolates(workers: most, error: error) : .doesNotExtrapolate(workers: most, error: error)
  }
}
