import AdvisorCore
import Statistics

extension Estimate {
  init(_ robust: RobustEstimate, _ unit: Unit) {
    self.init(value: robust.value, low: robust.low, high: robust.high, samples: robust.samples, unit: unit)
  }
}

extension FixedCost {
  /// What a series says, given the session's quiet probe; nil where the meter never gave a batch.
  init?(_ series: Series, quiet: Double, unit: Estimate.Unit = .seconds) {
    guard let guarded = GuardedMedian(batches: series.batches, disturbances: series.disturbances, quiet: quiet)
    else { return nil }
    self.init(
      name: series.name, placement: series.placement, floor: Estimate(guarded.floor, unit),
      typical: Estimate(guarded.typical, unit), minimum: guarded.minimum, acceptedShare: guarded.acceptedShare)
  }
}
