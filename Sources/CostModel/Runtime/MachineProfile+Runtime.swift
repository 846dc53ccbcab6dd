public import AdvisorCore

extension MachineProfile {
  /// The profile as programs of a runtime find it: their kernel, their speedups, their threads, loops and pools, on this machine.
  ///
  /// Its own history is kept apart by the fingerprint: what this program's executors were off by says nothing of Python's.
  public func seen(by runtime: RuntimeCosts) -> MachineProfile {
    var profile = self
    profile.seenBy = runtime
    // The lines to paste are for one machine.
    profile.engines = []
    profile.fingerprint += " \(runtime.implementation) \(runtime.version)"
    profile.variableCosts.kernels =
      runtime[.word].map { [KernelCost(kernel: .word, mix: .integer, secondsPerUnit: $0)] } ?? []
    profile.variableCosts.speedups = runtime.processSpeedups.map {
      SpeedupPoint(kernel: .word, workers: $0.workers, speedup: $0.speedup)
    }
    profile.quality += runtime.quality
    return profile
  }
}

extension RuntimeCosts {
  /// A cost as the model uses it; nil where it was not measured or makes no sense.
  func cost(_ name: RuntimeCost.Name) -> Cost? {
    guard let estimate = self[name] else { return nil }
    return Cost(estimate, of: name.rawValue)
  }

  func needed(_ name: RuntimeCost.Name) throws(AdvisorError) -> Cost {
    guard let cost = cost(name) else {
      throw AdvisorError(
        .badData, "the profile lacks a cost of \(self.name) (\(name.rawValue)), which this job needs",
        advice: "measure it with `advisor calibrate --runtime \(self.name)`")
    }
    return cost
  }
}

extension Cost {
  init?(_ estimate: Estimate, of name: String) {
    guard estimate.value.isFinite, estimate.value >= 0 else { return nil }
    self.init(value: estimate.value, error: ErrorSource(name, estimate))
  }
}
