public import AdvisorCore
private import FoundationEssentials
import Probe
import System

/// One calibration: measures every cost in turn within a hard budget of time.
///
/// Each phase may fail without harm to the others: what could not be measured is named in the profile's `quality`.
public struct CalibrationSession {
  let machine: Machine
  let level: MachineProfile.Level
  let version: String
  let httpURL: String?
  let watch: CalibrationWatch

  /// - Parameters:
  ///   - version: of the program, for the profile.
  ///   - httpURL: of the user's own server, for the HTTP figures; by default a built-in one on loopback.
  public init(
    machine: Machine, level: MachineProfile.Level, version: String, httpURL: String? = nil,
    watch: CalibrationWatch = CalibrationWatch()
  ) {
    self.machine = machine
    self.level = level
    self.version = version
    self.httpURL = httpURL
    self.watch = watch
  }

  /// Measures, and returns the profile.
  ///
  /// - Throws: ``AdvisorError`` (interrupted) when it is told to stop before anything was measured.
  public func run() throws(AdvisorError) -> MachineProfile {
    let disturbance = Disturbance(of: machine)
    let start = MonotonicClock.seconds
    var parts = MeasuredParts()
    var placement = HostPlacement(machine)
    let kernels = try? KernelCosts(cpus: machine.placementOrder)
    var spent = 0.0
    for phase in Phase.allCases where !watch.shouldStop() {
      watch.report(phase.rawValue, spent)
      placement?.look()
      try? kernels?.measure(seconds: Phase.lookShare * level.budget, shouldStop: watch.shouldStop)
      spent += Phase.lookShare
      let deadline = phase.deadline(planned: start + spent * level.budget, MonotonicClock.seconds, level.budget)
      parts.add(
        measured(phase, until: deadline, kernels) { watch.report(phase.rawValue, spent + phase.share * $0) })
      spent += phase.share
    }
    measureAgain(&parts, until: start + level.budget + level.reserve, kernels)
    if let costs = kernels?.costs { parts.take(costs) }
    var findings = parts.findings
    guard !findings.fixedCosts.isEmpty else {
      throw AdvisorError(.interrupted, "stopped before anything was measured", advice: "calibrate again")
    }
    placement?.look()
    findings.warnings += [placement?.warning, Self.warning(of: Affinity.refusal)].compactMap(\.self)
    if watch.shouldStop() { findings.warnings.append(.interrupted) }
    return profile(of: findings, parts.noises, disturbance)
  }

  /// What was disturbed, the worst first, as long as there is time.
  private func measureAgain(_ parts: inout MeasuredParts, until deadline: Double, _ kernels: KernelCosts?) {
    var tried: Set<Phase> = []
    let cost = { (phase: Phase) in phase.share * level.budget / 2 }
    while !watch.shouldStop(),
      let phase = parts.worst(within: deadline - MonotonicClock.seconds, cost: cost, tried: tried)
    {
      tried.insert(phase)
      let end = min(deadline, MonotonicClock.seconds + phase.share * level.budget)
      watch.report("\(phase.rawValue), again", 1)
      parts.add(measured(phase, until: end, kernels) { _ in })
    }
  }

  private static func warning(of refusal: AdvisorError?) -> ProfileWarning? {
    refusal.map { .unpinned(problem: $0.problem) }
  }

  /// A phase, and what else the machine did meanwhile.
  func measured(
    _ phase: Phase, until deadline: Double, _ kernels: KernelCosts? = nil, report: @escaping (Double) -> Void
  ) -> MeasuredPart {
    var (findings, probe) = (Findings(), NeighbourProbe())
    let around = { probe.times(count: 20) }
    let disturbance = Disturbance(of: machine)
    var probes = around()
    let context = Phase.Context(
      machine: machine, level: level, deadline: deadline, report: report, shouldStop: watch.shouldStop,
      httpURL: httpURL, probe: { probes += probe.times(count: 1) }, kernels: kernels)
    do throws(AdvisorError) {
      try phase.measure(context, into: &findings)
    } catch {
      findings.warnings.append(.notMeasured(what: phase.rawValue, problem: error.problem))
    }
    probes += around() + findings.probes
    let shares = disturbance.shares
    return MeasuredPart(
      phase: phase, findings: findings, stolen: shares.stolen, otherBusy: shares.otherBusy, probes: probes)
  }

  private func profile(of findings: Findings, _ parts: [PartNoise], _ disturbance: Disturbance) -> MachineProfile {
    let noise = findings.noise(disturbance)
    var profile = MachineProfile(
      fingerprint: machine.fingerprint, createdAt: Date().formatted(.iso8601), advisorVersion: version, level: level,
      machine: machine, fixedCosts: findings.fixedCosts, variableCosts: findings.variableCosts, noise: noise,
      parts: parts, quality: findings.warnings + noise.warnings)
    profile.forEachFigure { _, estimate in estimate.widen(bySessionSpread: level.sessionSpread) }
    if machine.hasMovableCPUs {
      for index in profile.fixedCosts.indices { profile.fixedCosts[index].widenByHost() }
      profile.variableCosts.widen(byHostOf: machine)
    }
    profile.quality += profile.poorWarning + profile.imprecision
    return profile.withinCPUs
  }
}

extension MachineProfile.Level {
  /// Seconds that the measuring may take; two rounds of every phase are made in any case.
  var budget: Double {
    switch self {
    case .quick: 4.2
    case .standard: 13
    case .thorough: 80
    }
  }

  /// Seconds beside these for what was disturbed, so that it can be measured again: half of the time and a little more, since others
  /// seldom come for less than two phases; scaling and computing, of which every advice needs the figures, where there is hardly
  /// time.
  var reserve: Double {
    switch self {
    case .quick: 0.5
    case .standard: 7
    case .thorough: 40
    }
  }

  /// The coefficient of variation of a figure from one session of this level to the next, on a machine shared with others.
  ///
  /// Eight quick sessions of 4 s one after another, on a virtual machine of 2 CPUs, differed by 7 % in the start of a process,
  /// 4 % in a page fault and 1 to 9 % in hand-overs on one CPU. What changes slower than a session lasts does not show within
  /// it; of what changes faster, the mean falls with the root of the time.
  var sessionSpread: Double { max(Self.minSessionSpread, 0.1 / budget.squareRoot()) }

  /// The best that was found: docs/model.md, 9.3.
  static let minSessionSpread = 0.014
}

/// Who follows a calibration, and may end it.
public struct CalibrationWatch {
  /// What is being measured and how much of the budget is spent, 0 to 1.
  public typealias Report = (_ phase: String, _ share: Double) -> Void

  let report: Report
  let shouldStop: () -> Bool

  /// - Parameter shouldStop: asked several times a second; after it says yes, what was measured so far is the result.
  public init(report: @escaping Report = { _, _ in }, shouldStop: @escaping () -> Bool = { false }) {
    self.report = report
    self.shouldStop = shouldStop
  }
}
