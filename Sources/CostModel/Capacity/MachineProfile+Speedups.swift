import AdvisorCore

extension MachineProfile {
  /// The profile with the rates of its threads as they would have been without the CPU quota under which they were measured.
  ///
  /// Of threads that would keep p CPUs busy a quota of Q lets Q run, over the periods that a measurement lasts: their rate was
  /// the Q/p-th part (docs/model.md, 1.3). What is done with the machine's quota, the model then does once.
  var withoutQuotaInFigures: MachineProfile {
    guard let quota = quotaInFigures, quota > 0, quota.isFinite else { return self }
    let cpus = max(1, machine.usable.logicalCPUs)
    func lost(_ threads: Int) -> Double { max(1, Double(min(threads, cpus)) / quota) }
    var profile = self
    profile.quotaInFigures = nil
    profile.variableCosts.speedups = variableCosts.speedups.map { point in
      var point = point
      point.speedup = point.speedup.scaled(by: lost(point.workers) / lost(1))
      return point
    }
    func rates(_ points: [BandwidthPoint]) -> [BandwidthPoint] {
      points.map { point in
        var point = point
        point.bytesPerSecond = point.bytesPerSecond.scaled(by: lost(point.threads))
        return point
      }
    }
    profile.variableCosts.memoryBandwidth = rates(variableCosts.memoryBandwidth)
    profile.variableCosts.firstTouch = variableCosts.firstTouch.map(rates)
    profile.variableCosts.restedTouch = variableCosts.restedTouch.map(rates)
    return profile
  }

  /// Workers can not do the work of more CPUs than they have, but for an error of measurement.
  private static let greatestPossible = 1.05

  /// A measured speedup that cannot be; the model takes it for what the CPUs can do.
  var speedupCaveat: Caveat? {
    let cpus = max(1, machine.usable.logicalCPUs)
    let impossible = variableCosts.speedups.filter {
      $0.speedup.value > Self.greatestPossible * Double(min($0.workers, cpus))
    }
    guard let worst = impossible.max(by: { $0.speedup.value < $1.speedup.value }) else { return nil }
    return .impossibleSpeedup(
      kernel: worst.kernel, workers: worst.workers, speedup: worst.speedup.value, cpus: min(worst.workers, cpus))
  }
}
