extension ScalingFit {
  /// What a fit says: codes with figures, of which Reports makes sentences. An error is a share of the mean throughput.
  public enum Finding: Codable, Hashable, Sendable {
    // Which law.

    case law(law: ModelName, error: Double)
    /// Too few points are left to judge it.
    case untestedLaw(law: ModelName)
    /// Not even the best law describes the measurements.
    case noLaw(best: ModelName, error: Double)
    /// Too few points for the coefficients of the law.
    case fewPoints(points: Int, coefficients: Int)
    /// The universal law is better than Amdahl's, with the probability that this is chance.
    case peakSignificant(probability: Double)
    /// The universal law is not measurably better than Amdahl's, so that a peak can be neither shown nor excluded.
    case peakUndecided(probability: Double)

    // Whether there is a peak.

    case noGain
    case noPeak
    /// With the best measurement.
    case peak(workers: Double, throughput: Double, bestWorkers: Double, best: Double)
    /// A fitted peak beyond the most workers measured.
    case peakBeyond(workers: Double, throughput: Double, measured: Double)
    /// The best measurement, where no law can be trusted.
    case bestMeasured(workers: Double, throughput: Double)

    // What more workers are worth.

    /// What no number of workers exceeds, by Amdahl's law.
    case limit(throughput: Double)
    /// What each of the most workers does, as a share of what each of the fewest did.
    case efficiency(workers: Double, share: Double)
    /// Workers that did more than as many times the work of one.
    case superlinear(workers: Double, factor: Double)

    // How far it may be trusted: up to that many workers.

    /// Too few points to try it on those that were left out.
    case untestedRange(workers: Double)
    case extrapolates(workers: Double, error: Double)
    /// Beyond the CPUs of the machine nothing that was measured applies.
    case withinCPUs(cpus: Double)
    case doesNotExtrapolate(workers: Double, error: Double)
    /// No law describes the measurements.
    case onlyMeasured
  }

  /// The universal law beside Amdahl's, of which it is an extension.
  struct Comparison {
    /// That chance alone makes it so much better; nil where there are too few measurements.
    let probability: Double?
    let limit: Double?

    init(_ data: ScalingData) {
      let amdahl = AmdahlScaling(fittedTo: data)
      probability = UniversalScalability(fittedTo: data).chance(insteadOf: amdahl)
      limit = amdahl.limit
    }

    var isPeakSignificant: Bool { probability.map { $0 < 0.05 } ?? false }
  }
}

extension ScalingFit.Model {
  /// Which law, whether there is a peak, what more workers are worth, and how far all that may be trusted.
  func verdict(_ data: ScalingData, _ comparison: ScalingFit.Comparison, cpus: Double?) -> [ScalingFit.Finding] {
    let most = data.range.upperBound
    let best = data.groups.max { $0.throughput < $1.throughput }
    let isDescribed = leaveOneOutError.map { $0 <= Self.maxError } ?? true
    guard isDescribed, let best else {
      return [law, best.map { .bestMeasured(workers: $0.workers, throughput: $0.throughput) }, .onlyMeasured]
        .compactMap(\.self)
    }
    let isTested = data.groups.count > coefficients.count + 1
    let findings: [ScalingFit.Finding?] = [
      law, isTested ? nil : .fewPoints(points: data.groups.count, coefficients: coefficients.count),
      difference(comparison), peakFinding(most, best),
      model == .amdahl && gain >= 0.02 ? comparison.limit.map { .limit(throughput: $0) } : nil, Self.efficiency(data),
      range(most, cpus: cpus, isTested: isTested),
    ]
    return findings.compactMap(\.self)
  }

  /// The verdict on runs of different sizes, which have no throughput to compare.
  func verdict(maxWorkers most: Double) -> [ScalingFit.Finding] {
    [
      law,
      peak.map { peak in
        peak.workers <= most
          ? .peak(workers: peak.workers, throughput: peak.throughput, bestWorkers: peak.workers, best: peak.throughput)
          : .peakBeyond(workers: peak.workers, throughput: peak.throughput, measured: most)
      } ?? .noPeak, range(most, cpus: nil, isTested: true),
    ]
  }

  /// Of the mean throughput, at points that were left out.
  private static let maxError = 0.2

  private var law: ScalingFit.Finding {
    guard let error = leaveOneOutError else { return .untestedLaw(law: model) }
    return error <= Self.maxError ? .law(law: model, error: error) : .noLaw(best: model, error: error)
  }

  private func difference(_ comparison: ScalingFit.Comparison) -> ScalingFit.Finding? {
    guard let probability = comparison.probability, model != .ernest else { return nil }
    if model == .usl, comparison.isPeakSignificant { return .peakSignificant(probability: probability) }
    return probability < 1 && model == .amdahl ? .peakUndecided(probability: probability) : nil
  }

  private func peakFinding(_ most: Double, _ best: ScalingData.Group) -> ScalingFit.Finding {
    guard let peak else { return gain < 0.02 ? .noGain : .noPeak }
    return peak.workers <= most
      ? .peak(
        workers: peak.workers, throughput: peak.throughput, bestWorkers: best.workers, best: best.throughput)
      : .peakBeyond(workers: peak.workers, throughput: peak.throughput, measured: most)
  }

  /// How much more the most workers do than the fewest.
  private var gain: Double {
    guard let first = predictions.first?.throughput, let last = predictions.last?.throughput, first > 0 else {
      return .infinity
    }
    return last / first - 1
  }

  /// What a worker does among many, beside what one does among the fewest.
  private static func efficiency(_ data: ScalingData) -> ScalingFit.Finding? {
    guard let first = data.groups.first, let last = data.groups.last else { return nil }
    let share = { (group: ScalingData.Group) in group.throughput / group.workers / (first.throughput / first.workers) }
    if let most = data.groups.max(by: { share($0) < share($1) }), share(most) > 1.05 {
      return .superlinear(workers: most.workers, factor: share(most) * most.workers / first.workers)
    }
    return .efficiency(workers: last.workers, share: share(last))
  }

  private func range(_ most: Double, cpus: Double?, isTested: Bool) -> ScalingFit.Finding {
    guard let error = extrapolationError, isTested else { return .untestedRange(workers: most) }
    guard error <= 0.1 else { return .doesNotExtrapolate(workers: most, error: error) }
    return cpus.map { $0 < 2 * most } == true
      ? .withinCPUs(cpus: max(cpus ?? most, most)) : .extrapolates(workers: most, error: error)
  }
}
