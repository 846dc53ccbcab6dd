private import func Glibc.log

/// What is to be least, or most.
public enum Objective: Sendable, Hashable {
  case time
  /// The 90th percentile of the time, which counts what is not known.
  case p90
  case cpu
  case memory
  /// A figure that the command prints.
  case figure(higherIsBetter: Bool)

  var measure: CurveTable.Measure { self == .cpu || self == .memory ? .cpu : .wall }

  /// A run as the posterior sees it; nil for one that failed, or did not tell what is wanted.
  func sighting(_ run: TrialRun, isDirty: Bool) -> Sighting? {
    guard run.failure == nil, let (cost, cpu) = cost(of: run), cost > 0, cost.isFinite else { return nil }
    // A run without any is told as one with less than any curve.
    let logCPU = cpu.map { log(max($0, 1e-3 * cost)) }
    return Sighting(candidate: run.candidate, logTime: log(cost), logCPU: logCPU, isDirty: isDirty)
  }

  /// What is minimized, and the CPU time that belongs to it: of a rate both are those of one unit of work.
  private func cost(of run: TrialRun) -> (cost: Double, cpu: Double?)? {
    switch self {
    case .time, .p90: (run.seconds, run.cpuSeconds)
    case .cpu: run.cpuSeconds.map { ($0, nil) }
    case .memory: run.maxRSSBytes.map { ($0, nil) }
    case .figure(higherIsBetter: false): run.figure.map { ($0, nil) }
    case .figure(higherIsBetter: true):
      run.figure.map { (1 / $0, run.cpuSeconds.map { cpu in cpu / run.seconds / (run.figure ?? 1) }) }
    }
  }
}
