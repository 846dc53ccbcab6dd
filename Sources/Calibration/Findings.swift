import AdvisorCore
private import func Glibc.log
import Statistics

/// What the phases of a calibration have found so far.
struct Findings {
  var fixedCosts: [FixedCost] = []
  var variableCosts = VariableCosts()
  /// What could not be measured or is doubtful.
  var warnings: [ProfileWarning] = []
  /// Seconds of each neighbour probe.
  var probes: [Double] = []
  /// Repeats of the same work, each relative to the median of its kind, for the run-to-run spread.
  private var repeats: [Double] = []

  /// Takes note of repeats of one kind of work.
  mutating func add(repeats rates: [Double]) {
    guard let median = rates.median(), median > 0 else { return }
    repeats += rates.map { $0 / median }
  }

  /// Takes in what another phase has found.
  mutating func merge(_ other: Findings) {
    fixedCosts += other.fixedCosts
    variableCosts.merge(other.variableCosts)
    warnings += other.warnings
    probes += other.probes
    repeats += other.repeats
  }

  /// Every figure by its name.
  var named: [String: Estimate] { MachineProfile.namedEstimates(fixedCosts, variableCosts) }

  /// Makes the intervals of all figures those that they deserve, given how disturbed the machine was.
  mutating func widen(by noise: PartNoise) {
    let spread = noise.addedDeviation
    guard spread > 0 else { return }
    var (kernels, disk) = (variableCosts.kernels, variableCosts.disk)
    for index in kernels.indices {
      kernels[index].secondsPerUnit.widen(bySessionSpread: noise.addedDeviationOfCPUTime)
    }
    for index in fixedCosts.indices {
      fixedCosts[index].floor.widen(bySessionSpread: spread)
      fixedCosts[index].typical.widen(bySessionSpread: spread)
    }
    for index in disk.indices {
      disk[index].operationsPerSecond.widen(bySessionSpread: noise.addedDeviationOfReads)
    }
    variableCosts.forEachFigure { _, estimate in estimate.widen(bySessionSpread: spread) }
    (variableCosts.kernels, variableCosts.disk) = (kernels, disk)
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

  /// The standard deviation of the logarithm, by the middle 90 %: one run in a hundred in the shade of a neighbour does not set
  /// it, one in ten does.
  private var runSpread: Double { repeats.filter { $0 > 0 }.map { log($0) }.spreadOfMiddle() ?? 0 }
}

extension Noise {
  /// Doubts about figures measured in such noise.
  var warnings: [ProfileWarning] {
    var warnings: [ProfileWarning] = []
    if let throttledShare, throttledShare > 0.01 { warnings.append(.throttled(share: throttledShare)) }
    if let thermalEvents, thermalEvents > 0 { warnings.append(.slowedDown(times: thermalEvents)) }
    if hasTurbo == true { warnings.append(.turbo) }
    if otherBusyShare > 0.1 { warnings.append(.otherLoad(share: otherBusyShare)) }
    if stealShare > 0.02 { warnings.append(.stolen(share: stealShare)) }
    if probeRatio > 1.25 { warnings.append(.neighbour(slowdown: probeRatio)) }
    if runSpread > 0.1 { warnings.append(.runSpread(share: runSpread)) }
    return warnings
  }
}

extension VariableCosts {
  /// Adds costs of other kinds.
  fileprivate mutating func merge(_ other: VariableCosts) {
    kernels += other.kernels
    speedups += other.speedups
    memoryBandwidth += other.memoryBandwidth
    firstTouch = firstTouch ?? other.firstTouch
    restedTouch = restedTouch ?? other.restedTouch
    disk += other.disk
    http += other.http
    httpThreads = httpThreads ?? other.httpThreads
    httpServer = httpServer ?? other.httpServer
  }
}
