public import AdvisorCore
public import FoundationEssentials
private import Glibc

extension MachineProfile {
  /// With the intervals of figures that have moved by more than 5 % since an earlier calibration of the same machine
  /// reaching to where they were, and as far to the other side: within one calibration nothing shows what the host's other
  /// guests will do to the next.
  ///
  /// One that was less thorough, or that has become stale, says nothing against this one.
  public func heeding(_ earlier: MachineProfile, on machine: Machine, now: Date = Date()) -> MachineProfile {
    guard earlier.fingerprint == fingerprint, level.budget <= earlier.level.budget,
      earlier.staleness(on: machine, now: now) == nil
    else { return self }
    var drift = Drift(from: earlier)
    var profile = self
    profile.forEachFigure { name, estimate in drift.widen(&estimate, name) }
    guard drift.moved > 0 else { return self }
    profile.quality.append(
      "Moved by more than 5 % since the calibration of \(earlier.createdAt): \(drift.moved) of \(drift.compared) figures; "
        + "their intervals hold both values.")
    return profile
  }
}

/// Figures as they were.
private struct Drift {
  /// What a figure may differ by without a word: as an estimate that is settled.
  private static let tolerance = log(1.05)

  private let before: [String: Double]
  private(set) var moved = 0
  private(set) var compared = 0

  init(from earlier: MachineProfile) {
    var (earlier, before) = (earlier, [String: Double]())
    earlier.forEachFigure { name, estimate in before[name] = before[name] ?? estimate.value }
    self.before = before
  }

  mutating func widen(_ estimate: inout Estimate, _ name: String) {
    guard let old = before[name], old > 0, estimate.value > 0 else { return }
    compared += 1
    guard abs(log(estimate.value / old)) > Self.tolerance else { return }
    moved += 1
    // It may go on as far as it has come.
    let onward = estimate.value * estimate.value / old
    estimate.low = min(estimate.low, old, onward)
    estimate.high = max(estimate.high, old, onward)
  }
}
