import AdvisorCore

/// What other processes did while the machine was measured, as a forecast of what they will do (docs/model.md, 1.2).
extension Noise {
  /// Standard deviation of the logarithm of what they leave: one window says little of the next, so that anything from
  /// nothing to twice as much is as likely.
  var loadSpread: Double {
    let share = Self.share(otherBusyShare)
    return share / (1 - share) / 3.0.squareRoot()
  }

  /// Why there is less to be had than the machine has.
  var loadCaveat: Caveat? { otherBusyShare > 0.05 ? .otherLoad(share: Self.share(otherBusyShare)) : nil }

  /// A share as a profile gives it, made safe: at least a tenth of the machine is taken to be ours.
  static func share(_ share: Double) -> Double { share.isFinite ? min(0.9, max(0, share)) : 0 }
}
