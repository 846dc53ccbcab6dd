import AdvisorCore

extension MachineProfile {
  /// With speedups that can be: w workers do the work of w CPUs at most, and of no more than there are.
  ///
  /// In a disturbed minute the one worker that others are compared with may be slowed more than they are.
  var withinCPUs: MachineProfile {
    var (profile, cut) = (self, [ProfileWarning.BoundedSpeedup]())
    func bound(_ estimate: inout Estimate, _ name: String, _ workers: Int) {
      let most = min(Double(workers), max(1, machine.usable.effectiveCPUs))
      guard estimate.high > most * Self.tolerance else { return }
      if estimate.value > most * Self.tolerance {
        cut.append(.init(name, workers: workers, speedup: estimate.value, maxSpeedup: most))
        estimate.value = most
      }
      estimate.low = min(estimate.low, estimate.value)
      estimate.high = max(estimate.value, most)
    }
    for index in profile.variableCosts.speedups.indices {
      let point = profile.variableCosts.speedups[index]
      bound(&profile.variableCosts.speedups[index].speedup, point.kernel.rawValue, point.workers)
    }
    for index in profile.runtimes.indices { profile.runtimes[index].forEachSpeedup(bound) }
    if !cut.isEmpty { profile.quality.append(.boundedSpeedups(speedups: cut)) }
    return profile
  }

  /// What a measured speedup may exceed the CPUs by: the noise of a quiet machine.
  private static let tolerance = 1.05
}

extension RuntimeCosts {
  fileprivate mutating func forEachSpeedup(_ body: (inout Estimate, _ name: String, _ workers: Int) -> Void) {
    func visit(_ points: inout [RuntimeSpeedup], _ carrier: String) {
      for index in points.indices { body(&points[index].speedup, "\(name) \(carrier)", points[index].workers) }
    }
    visit(&processSpeedups, "processes")
    visit(&threadSpeedups, "threads")
    guard var released = releasedSpeedups else { return }
    visit(&released, "threads without the lock")
    releasedSpeedups = released
  }
}
