import AdvisorCore
import System

/// The parts of a calibration, in the order in which they run: what every advice needs comes first.
enum Phase: String, CaseIterable {
  case handOffs = "starting and handing over"
  case kernels = "computing"
  case speedups = "scaling"
  case memory = "memory"
  case http = "HTTP"
  case disk = "disk"

  struct Context {
    var machine: Machine
    var level: MachineProfile.Level
    /// When the phase must end, on ``MonotonicClock/seconds``; setting up counts.
    var deadline: Double
    /// Told the share of the phase that is done, 0 to 1.
    var report: (Double) -> Void
    var shouldStop: () -> Bool
    /// The user's own server for the HTTP figures; nil for the built-in one.
    var httpURL: String?
    /// Looks for a neighbour, between any two slices.
    var probe: () -> Void = {}
    /// What has computed before other phases, too; nil outside a whole calibration.
    var kernels: KernelCosts?
  }

  /// The share of the whole budget.
  var share: Double {
    switch self {
    case .handOffs: 0.2
    case .kernels: 0.02
    case .speedups: 0.18
    case .memory: 0.12
    case .http: 0.27
    case .disk: 0.12
    }
  }

  /// The share of what computes before each.
  static let lookShare = 0.015

  /// When it ends, in seconds like the others: fixed from the start, so that what the one before takes too long it makes up for, but
  /// with no more than half of its time: of what is measured once nothing tells how far off it is.
  ///
  /// - Parameters:
  ///   - planned: when it was to begin.
  ///   - budget: of the whole calibration.
  func deadline(planned: Double, _ now: Double, _ budget: Double) -> Double {
    max(planned + share * budget, now + share * budget / 2)
  }

  /// - Throws: ``AdvisorError`` where the machine refuses what the phase needs; what was found before stays found.
  func measure(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    switch self {
    case .handOffs: try measureHandOffs(context, into: &findings)
    case .kernels: try measureKernels(context, into: &findings)
    case .speedups: try measureSpeedups(context, into: &findings)
    case .memory: try measureMemory(context, into: &findings)
    case .http: try measureHTTP(context, into: &findings)
    case .disk: try measureDisk(context, into: &findings)
    }
  }
}

extension Phase.Context {
  /// Seconds that are left.
  var budget: Double { max(0, deadline - MonotonicClock.seconds) }

  /// For one of several parts that follow one another: an even share of the time that is left to it and those after it.
  func part(_ index: Int, of count: Int) -> Self {
    var part = self
    part.deadline -= budget * (1 - 1 / Double(count - index))
    return part
  }

  /// Calls `body` with rising and falling turns of the levels (ABBA) until the deadline, at least twice each.
  func alternate<Level>(_ levels: [Level], _ body: (Level) throws(AdvisorError) -> Void) throws(AdvisorError) {
    let whole = max(budget, 1e-9)
    var round = 0
    while !shouldStop(), round < 2 || budget > 0 {
      for level in round.isMultiple(of: 2) ? levels : levels.reversed() where !shouldStop() {
        probe()
        try body(level)
      }
      round += 1
      report(1 - budget / whole)
    }
  }

  /// Worker counts at which a curve is measured: doubling, with the cores, the usable CPUs and twice as many among them.
  ///
  /// From one worker a core to one a hardware thread the curve shows what hyperthreads add.
  var workerCounts: [Int] {
    let usable = machine.usable.logicalCPUs
    let cores = machine.topology.count {
      machine.cpus.usable.contains($0.id) && $0.siblings.intersection(machine.cpus.usable).first == $0.id
    }
    let doubling = sequence(first: 1) { $0 < usable ? $0 * 2 : nil }.filter { $0 <= 2 * usable }
    return Set(doubling + [cores, usable, 2 * usable].filter { $0 > 0 }).sorted()
  }

  /// Of one turn: several of the scheduler's own time slices, so that more threads than CPUs all have their share, and
  /// under a CPU quota several of its periods, since it strikes at the end of each.
  var sliceSeconds: Double {
    machine.limits.cpuQuota == nil
      ? (level == .quick ? 12e-3 : 20e-3) : max(20e-3, 2 * (machine.limits.cpuPeriodSeconds ?? 0.1))
  }

  /// Threads with a CPU each wait for no slice: half of it leaves time for twice the turns.
  func sliceSeconds(active: Int) -> Double {
    machine.limits.cpuQuota == nil && active <= machine.usable.logicalCPUs ? sliceSeconds / 2 : sliceSeconds
  }
}
