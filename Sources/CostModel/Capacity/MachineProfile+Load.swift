import AdvisorCore

/// What other processes do, as a forecast of what they will do (docs/model.md, 1.2).
extension MachineProfile {
  /// The share of the CPUs' time that others take from a run that wants all of it, and the standard deviation of the logarithm
  /// of what they leave: anything from nothing to twice as much is as likely.
  ///
  /// Of what is seen now, each thread gets as much as one of the run's; else it is as while the machine was measured.
  var otherLoad: (share: Double, spread: Double) {
    guard let presentLoad else {
      let share = Noise.share(noise.otherBusyShare)
      return (share, share / (1 - share) / 3.0.squareRoot())
    }
    let cpus = Double(max(1, machine.usable.logicalCPUs))
    let share = Noise.share(presentLoad.threads / (presentLoad.threads + cpus))
    return (share, share / 3.0.squareRoot() + Noise.share(presentLoad.stealShare ?? 0))
  }

  /// Why there is less to be had than the machine has.
  var loadCaveat: Caveat? { otherLoad.share > 0.05 ? .otherLoad(share: otherLoad.share) : nil }
}

extension Noise {
  /// A share as a profile gives it, made safe: at least a tenth of the machine is taken to be ours.
  static func share(_ share: Double) -> Double { share.isFinite ? min(0.9, max(0, share)) : 0 }
}
