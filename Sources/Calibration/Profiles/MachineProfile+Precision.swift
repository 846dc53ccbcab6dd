import AdvisorCore

extension MachineProfile {
  /// Below this many measurements an interval itself is a guess.
  static let minSamples = 5

  /// How well the figures are known.
  var imprecision: [ProfileWarning] {
    let estimates = Self.namedEstimates(fixedCosts, variableCosts).values
    let few = estimates.count { $0.samples < Self.minSamples && $0.unit != .bytes }
    let unsettled = estimates.count { !$0.isSettled }
    return [
      few == 0 ? nil : .fewSamples(figures: few, of: estimates.count, minSamples: Self.minSamples),
      unsettled == 0 ? nil : .imprecise(figures: unsettled, of: estimates.count),
    ].compactMap(\.self)
  }
}
