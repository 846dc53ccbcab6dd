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
  /// One that was less thorough, or poor, has the wider intervals; one that has become stale says nothing.
  public func combined(with earlier: MachineProfile, on machine: Machine, now: Date = Date()) -> MachineProfile {
    guard earlier.fingerprint == fingerprint, earlier.staleness(on: machine, now: now) == nil
    else { return self }
    var drift = Drift(from: earlier)
    var profile = self
    profile.forEachFigure { name, estimate in drift.apply(to: &estimate, name) }
    // Where all memory has just been in use, no calibration meets any that has rested.
    profile.variableCosts.restedTouch = variableCosts.restedTouch ?? earlier.variableCosts.restedTouch
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
    if new.couldBe(old) {
      pooled += 1
      estimate = new.pooled(with: old)
      return
    }
    guard abs(log(new.value / old.value)) > Self.tolerance else { return }
    moved += 1
    // It may go on as far as it has come.
    let onward = new.value * new.value / old.value
    estimate.low = min(estimate.low, old.value, onward)
    estimate.high = max(estimate.high, old.value, onward)
  }
}

extension Estimate {
  /// Standard deviation of the logarithm from one session to the next, beside what a session's own interval says.
  private static let sessionSpread = MachineProfile.Level.minSessionSpread
  /// Further apart than this many standard deviations they are two figures, not one measured twice.
  private static let maxDeviations = 2.0

  /// Whether both are one figure, measured twice.
  fileprivate func couldBe(_ other: Estimate) -> Bool {
    abs(log(value / other.value)) <= Self.maxDeviations * (logVariance + other.logVariance).squareRoot()
  }

  /// The mean of the logarithms, each by the inverse of its variance.
  func pooled(with other: Estimate) -> Estimate {
    guard value > 0, other.value > 0 else { return self }
    let sum = logVariance + other.logVariance
    let mean = value * exp(-log(value / other.value) * logVariance / sum)
    let deviation = (logVariance * other.logVariance / sum).squareRoot()
    return Estimate(
      value: mean, low: mean * exp(-1.645 * deviation), high: mean * exp(1.645 * deviation),
      samples: samples + other.samples, unit: unit)
  }

  /// Of a figure whose ends are those of its 90 % interval.
  private var logVariance: Double {
    let own = relativeError / 1.645
    return own * own + Self.sessionSpread * Self.sessionSpread
  }
}
