import AdvisorCore

extension MachineProfile {
  /// Below this many measurements an interval itself is a guess.
  static let fewestSamples = 5

  /// How well the figures are known, in sentences.
  var imprecision: [String] {
    let estimates = Self.namedEstimates(fixedCosts, variableCosts).values
    let few = estimates.count { $0.samples < Self.fewestSamples && $0.unit != .bytes }
    let unsettled = estimates.count { !$0.isSettled }
    return [
      few == 0
        ? nil : "Too few samples: \(few) of \(estimates.count) figures rest on less than \(Self.fewestSamples).",
      unsettled == 0
        ? nil : "Known to no better than 5 %: \(unsettled) of \(estimates.count) figures, marked ~ in the tables.",
    ].compactMap(\.self)
  }
}
