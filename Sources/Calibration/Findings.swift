import AdvisorCore
private import func Glibc.log
import Statistics

/// What the phases of a calibration have found so far.
struct Findings {
  var fixedCosts: [FixedCost] = []
  var variableCosts = VariableCosts()
  /// What could not be measured or is doubtful, in sentences.
  var warnings: [String] = []
  /// Seconds of each neighbour probe.
  var probes: [Double] = []
  /// Repeats of the same work, each relative to the median of its kind, for the run-to-run spread.
  private var repeats: [Double] = []

  /// Takes note of repeats of one kind of work.
  mutating func add(repeats rates: [Double]) {
    guard let median = rates.median(), median > 0 else { return }
    repeats += rates.map { $0 / median }
  }

  /// How disturbed the machine was while these were found.
  func noise(_ disturbance: Disturbance) -> Noise {
    let (shares, throttling) = (disturbance.shares, disturbance.throttling)
    return Noise(
      stealShare: shares.stolen, otherBusyShare: shares.otherBusy, cpuPressure: shares.pressure,
      probeRatio: probeRatio, runSpread: runSpread, throttledShare: throttling.share,
      thermalEvents: throttling.thermalEvents, hasTurbo: throttling.hasTurbo)
  }

  /// The typical neighbour probe over the quiet one.
  private var probeRatio: Double { NeighbourProbe.ratio(of: probes) ?? 1 }

  /// The standard deviation of the logarithm, by the median absolute deviation: one run in the shade of a neighbour
  /// does not set it.
  private var runSpread: Double {
    let logarithms = repeats.filter { $0 > 0 }.map { log($0) }
    return logarithms.medianAbsoluteDeviation() ?? 0
  }
}

extension Noise {
  /// Doubts about figures measured in such noise.
  var warnings: [String] {
    var warnings: [String] = []
    if let throttledShare, throttledShare > 0.01 {
      warnings.append(
        "The CPU quota kept threads from running for \(percent(throttledShare)) of the time: costs that need the CPU at a "
          + "certain moment are longer than without it.")
    }
    if let thermalEvents, thermalEvents > 0 {
      warnings.append("The processor slowed down \(thermalEvents) times for heat or power: look after its cooling.")
    }
    if hasTurbo == true {
      warnings.append("Turbo is on: a core alone runs faster than among busy ones, which the speedups include.")
    }
    if otherBusyShare > 0.1 {
      warnings.append("Other processes used \(percent(otherBusyShare)) of the CPUs while this was measured.")
    }
    if stealShare > 0.02 {
      warnings.append("The hypervisor gave \(percent(stealShare)) of the CPU time to other guests.")
    }
    if probeRatio > 1.25 {
      warnings.append(
        "Something beside this machine slowed code with much parallelism \(Quantity.significant(probeRatio))× at the "
          + "median: a neighbour on the same physical core, most likely.")
    }
    if runSpread > 0.1 { warnings.append("The same work varied by \(percent(runSpread)) from run to run.") }
    return warnings
  }

  private func percent(_ share: Double) -> String { "\(Quantity.decimal(share * 100, places: 0)) %" }
}
