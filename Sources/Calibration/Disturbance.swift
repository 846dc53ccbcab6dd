import AdvisorCore
import Probe
import System

/// What else the machine did from one moment on: readings of the kernel's counters, less our own share.
struct Disturbance {
  private let machine: Machine
  private let start = MonotonicClock.seconds
  private let before = Contention.reading()
  private let throttledBefore: Throttling
  /// This process calibrates and does nothing else.
  private let ownBefore = OwnProcess.cpuSeconds

  init(of machine: Machine) {
    self.machine = machine
    throttledBefore = Throttling.reading(of: machine)
  }

  /// Shares of the CPUs' time since then, 0 to 1.
  var shares: (stolen: Double, otherBusy: Double, pressure: Double?) {
    let seconds = elapsed
    let own = (OwnProcess.cpuSeconds - ownBefore) / (seconds * Double(max(1, machine.counts.logicalCPUs)))
    guard let before, let now = Contention.reading(), let contention = Contention(from: before, to: now) else {
      return (0, 0, nil)
    }
    return (
      contention.stolen, min(1, max(0, contention.busy - contention.stolen - own)),
      contention.stalledSeconds.map { min(1, $0 / seconds) }
    )
  }

  /// What slowed the machine since then; each nil where nothing tells.
  var throttling: (share: Double?, thermalEvents: Int?, hasTurbo: Bool?) {
    let now = Throttling.reading(of: machine)
    // The kernel adds up over threads and CPUs.
    let share = Self.growth(throttledBefore.quotaSeconds, now.quotaSeconds).map { min(1, max(0, $0) / elapsed) }
    return (share, Self.growth(throttledBefore.thermalEvents, now.thermalEvents).map { max(0, $0) }, now.hasTurbo)
  }

  private var elapsed: Double { max(MonotonicClock.seconds - start, 1e-9) }

  private static func growth<Value: Numeric>(_ before: Value?, _ now: Value?) -> Value? {
    guard let before, let now else { return nil }
    return now - before
  }
}
