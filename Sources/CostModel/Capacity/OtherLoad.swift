import AdvisorCore

/// What other processes do, as a forecast of what they will do (docs/model.md, 1.2).
struct OtherLoad: Hashable, Sendable {
  /// The share of the CPUs' time that others take from a run that wants all of it.
  var share: Double
  /// Standard deviation of the logarithm of what they leave.
  var spread: Double
  /// Their threads that want a CPU now; nil where nobody has looked, so that the share is that of the calibration.
  var threads: Double?

  init(_ profile: MachineProfile) {
    guard let load = profile.presentLoad else {
      share = Noise.share(profile.noise.otherBusyShare)
      // One window says little of the next: anything from nothing to twice as much is as likely.
      spread = share / (1 - share) / 3.0.squareRoot()
      return
    }
    let cpus = Double(max(1, profile.machine.usable.logicalCPUs))
    threads = load.threads
    share = Noise.share(load.threads / (load.threads + cpus))
    // What is seen at the moment of a prediction is mostly there a second later: a third more or fewer threads.
    spread = share / 3 + Noise.share(load.stealShare ?? 0)
  }

  /// Why there is less to be had than the machine has.
  var caveat: Caveat? { share > 0.05 ? .otherLoad(share: share) : nil }
}

extension Noise {
  /// A share as a profile gives it, made safe: at least a tenth of the machine is taken to be ours.
  static func share(_ share: Double) -> Double { share.isFinite ? min(0.9, max(0, share)) : 0 }
}
