public import AdvisorCore
import System

extension MachineProfile {
  /// The parts that were measured while the machine was disturbed.
  public var poorParts: [PartNoise] { parts.filter(\.isPoor) }

  /// With the poor parts measured again, the worst first; nil where there are none, or where none came out better.
  ///
  /// - Parameter seconds: that it may take.
  public func refreshed(on machine: Machine, within seconds: Double) -> MachineProfile? {
    let session = CalibrationSession(machine: machine, level: .quick, version: advisorVersion)
    let deadline = MonotonicClock.seconds + seconds
    var profile = self
    for old in poorParts.sorted(by: { $0.severity > $1.severity }) where MonotonicClock.seconds < deadline {
      guard let phase = Phase(rawValue: old.part), phase != .http || variableCosts.httpServer == nil else { continue }
      var measured = MeasuredParts()
      measured.add(session.measured(phase, until: deadline) { _ in })
      profile.take(measured)
    }
    return profile.parts == parts ? nil : profile
  }

  /// Takes in a part that was measured anew, where that was less disturbed.
  mutating func take(_ measured: MeasuredParts) {
    for noise in measured.noises {
      guard let index = parts.firstIndex(where: { $0.part == noise.part }), !noise.isPoor, parts[index].isPoor else {
        continue
      }
      parts[index] = noise
      var found = measured.findings.named
      forEachFigure { name, estimate in
        guard var new = found.removeValue(forKey: name), new.samples >= Self.minSamples else { return }
        new.widen(bySessionSpread: Level.quick.sessionSpread)
        estimate = estimate.agrees(with: new) ? estimate.pooled(with: new) : new
      }
    }
    quality.removeAll { if case .poorParts = $0 { true } else { false } }
    quality += poorWarning
    self = withinCPUs
  }

  /// That some parts are poor.
  var poorWarning: [ProfileWarning] { poorParts.isEmpty ? [] : [.poorParts(parts: poorParts.map(\.part))] }
}
