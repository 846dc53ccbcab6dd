public import AdvisorCore
import Probe
import System

/// Moments in which a machine does hardly anything else, so that measuring is worth while.
public enum QuietMoment {
  /// Shares of the CPUs' time beyond which a moment is not quiet, and how much slower than quiet known work may be.
  private static let (maxStolen, maxOtherBusy, maxRatio) = (0.02, 0.06, 1.15)
  /// Several clock ticks, for one on two CPUs is 8 % of it.
  private static let glanceSeconds = 0.06
  private static let windowSeconds = 0.5

  /// Whether this is one, as far as a glance can tell.
  public static func isNow(on machine: Machine) -> Bool {
    let disturbance = Disturbance(of: machine)
    MonotonicClock.sleep(untilSeconds: MonotonicClock.seconds + glanceSeconds)
    let shares = disturbance.shares
    return shares.stolen == 0 && shares.otherBusy <= maxOtherBusy
  }

  /// Waits for one.
  ///
  /// - Parameter limit: seconds after which it gives up.
  /// - Returns: whether one has come.
  public static func wait(
    on machine: Machine, limit: Double, shouldStop: () -> Bool = { false }, report: (_ share: Double) -> Void = { _ in }
  ) -> Bool {
    let start = MonotonicClock.seconds
    while !shouldStop() {
      let disturbance = Disturbance(of: machine)
      let ratio = Neighbour.ratio(untilSeconds: MonotonicClock.seconds + windowSeconds) ?? 1
      let shares = disturbance.shares
      if shares.stolen <= maxStolen, shares.otherBusy <= maxOtherBusy, ratio <= maxRatio { return true }
      let waited = MonotonicClock.seconds - start
      if waited >= limit { return false }
      report(min(1, waited / max(limit, 1e-9)))
    }
    return false
  }
}
