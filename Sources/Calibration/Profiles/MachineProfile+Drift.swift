public import AdvisorCore
public import FoundationEssentials
private import func Glibc.exp
private import func Glibc.log

extension MachineProfile {
  /// With what an earlier calibration of the same machine tells: a figure that it has found alike, within what both may be off,
  /// becomes the mean of both, weighted by how well each is known.
  ///
  /// The intervals of figures that have moved by more than 5 % reach to where they were, and as far to the other side:
  /// within one calibration nothing shows what the host's other guests will do to the next.
  ///
  /// One that was less thorough, or that has become stale, says nothing against this one.
  public func combined(with earlier: MachineProfile, on machine: Machine, now: Date = Date()) -> MachineProfile {
    guard earlier.fingerprint == fingerprint, level.budget <= earlier.level.budget,
      earlier.staleness(on: machine, now: now) == nil
    else { return self }
    var drift = Drift(from: earlier)
    var profile = self
    profile.forEachFigure { name, estimate in drift.apply(to: &estimate, name) }
    if drift.pooled > 0 {
      profile.quality.append(.pooled(figures: drift.pooled, of: drift.compared, since: earlier.createdAt))
    }
    profile.quality += [HostPlacement.warning(of: self, since: earlier)].compactMap(\.self)
    guard drift.moved > 0 else { return profile }
    profile.quality.append(.moved(figures: drift.moved, of: drift.compared, since: earlier.createdAt))
    return profile
  }
}

/// Figures as they were.
private struct Drift {
  /// What a figure may differ by without a word: as an estimate that is settled.
  private static let tolerance = log(1.05)

  /// Standard deviation of the logarithm from one session to the next, beside what a session's own interval says.
  private static let sessionSpread = MachineProfile.Level.minSessionSpread
  /// Further apart than this many standard deviations they are two figures, not one measured twice.
  private static let maxDeviations = 2.0

  private let before: [String: Estimate]
  private(set) var pooled = 0
  private(set) var moved = 0
  private(set) var compared = 0

  init(from earlier: MachineProfile) {
    var (earlier, before) = (earlier, [String: Estimate]())
    earlier.forEachFigure { name, estimate in before[name] = before[name] ?? estimate }
    self.before = before
  }

  mutating func apply(to estimate: inout Estimate, _ name: String) {
    guard let old = before[name], old.value > 0, estimate.value > 0 else { return }
    compared += 1
    let new = estimate
    pool(&estimate, with: old)
    guard abs(log(new.value / old.value)) > Self.tolerance else { return }
    moved += 1
    // It may go on as far as it has come.
    let onward = new.value * new.value / old.value
    estimate.low = min(estimate.low, old.value, onward)
    estimate.high = max(estimate.high, old.value, onward)
  }

  /// The mean of the logarithms, each by the inverse of its variance.
  private mutating func pool(_ estimate: inout Estimate, with old: Estimate) {
    let variances = (old: Self.variance(of: old), new: Self.variance(of: estimate))
    let change = log(estimate.value / old.value)
    guard abs(change) <= Self.maxDeviations * (variances.old + variances.new).squareRoot() else { return }
    pooled += 1
    estimate.value *= exp(-change * variances.new / (variances.old + variances.new))
    let deviation = (variances.old * variances.new / (variances.old + variances.new)).squareRoot()
    estimate.low = estimate.value * exp(-1.645 * deviation)
    estimate.high = estimate.value * exp(1.645 * deviation)
    estimate.samples += old.samples
  }

  /// Of the logarithm of a figure whose ends are those of its 90 % interval.
  private static func variance(of estimate: Estimate) -> Double {
    let own = estimate.relativeError / 1.645
    return own * own + sessionSpread * sessionSpread
  }
}
