import AdvisorCore
import Statistics

/// What one phase has found, and how disturbed the machine was meanwhile.
struct MeasuredPart {
  let phase: Phase
  var findings: Findings
  var stolen: Double
  var otherBusy: Double
  /// Seconds of neighbour probes around it and between its batches.
  var probes: [Double]

  /// - Parameter quietProbe: seconds of a probe in the quietest moments of the whole calibration.
  func noise(quietProbe: Double?) -> PartNoise {
    let ratio = quietProbe.flatMap { quiet in probes.median().map { max(1, $0 / max(quiet, 1e-12)) } }
    return PartNoise(
      part: phase.rawValue, stealShare: stolen, otherBusyShare: otherBusy, probeRatio: ratio ?? 1)
  }
}

/// The phases of a calibration, each as it was measured in its quietest moment.
struct MeasuredParts {
  private(set) var parts: [MeasuredPart] = []

  private var quietProbe: Double? { GuardedMedian.quietProbe(of: parts.flatMap(\.probes)) }

  /// In the order in which they were measured first.
  var noises: [PartNoise] { parts.map { $0.noise(quietProbe: quietProbe) } }

  /// Takes in a phase; where it was measured before, the less disturbed one stays.
  mutating func add(_ part: MeasuredPart) {
    guard let index = parts.firstIndex(where: { $0.phase == part.phase }) else { return parts.append(part) }
    let quiet = GuardedMedian.quietProbe(of: (parts + [part]).flatMap(\.probes))
    if part.noise(quietProbe: quiet).severity < parts[index].noise(quietProbe: quiet).severity { parts[index] = part }
  }

  /// Takes in what kernels cost that were looked at in all phases.
  mutating func take(_ kernels: [KernelCost]) {
    guard let index = parts.firstIndex(where: { $0.phase == .kernels }) else { return }
    parts[index].findings.variableCosts.kernels = kernels
  }

  /// The phase that gains most by being measured again, where there is time for it.
  ///
  /// - Parameters:
  ///   - seconds: that are left.
  ///   - cost: seconds that a phase takes.
  ///   - tried: phases that were measured again already.
  func worst(within seconds: Double, cost: (Phase) -> Double, tried: Set<Phase> = []) -> Phase? {
    zip(parts, noises)
      .filter { $1.isPoor && cost($0.phase) <= seconds && !tried.contains($0.phase) }
      .max { $0.1.severity < $1.1.severity }?.0.phase
  }

  /// All findings together, those of poor parts with the intervals that they deserve.
  var findings: Findings {
    zip(parts, noises).reduce(into: Findings()) { all, part in
      var findings = part.0.findings
      findings.widen(by: part.1)
      all.merge(findings)
    }
  }
}
