internal import Probe
private import System

/// Decides from how much memory is left whether tasks may start, or one must go.
///
/// Pure: it is told readings and times. What it cannot know is how much the tasks under way will still take; so it keeps a
/// reserve, looks the more often the faster memory goes, and adds to the reserve what may go while a look is late: beside
/// others that use the CPUs, this thread comes to its turn when it does.
struct MemoryGuard: Sendable {
  enum Verdict: Sendable, Hashable {
    case ample
    /// No further task starts.
    case scarce
    /// No task that grows goes on, but the oldest where the others wait for its end.
    case tight
    /// No task that grows goes on.
    case critical
    /// A task must give back what it has, or the kernel will choose one.
    case exhausted
  }

  private(set) var verdict = Verdict.ample
  /// When to look again, in seconds of the monotonic clock.
  private(set) var nextLook = 0.0
  private(set) var last: MemoryGauge.Reading?
  private var lastLook = 0.0
  /// By how many seconds looks have lately been late, and how fast memory has gone, in bytes a second.
  private var lateness = 0.0
  private var recentRate = 0.0
  /// Whether what is left may not let all tasks take as much again as they hold; and what counts as growth, in bytes.
  private(set) var isHalfGone = false
  private(set) var minRise = Double.infinity
  /// What may be taken without touching the reserve, in bytes.
  private(set) var roomBytes = Double.infinity

  /// Takes in a reading.
  ///
  /// - Parameters:
  ///   - taskBytes: what one more task is likely to take; 0 while that is unknown.
  ///   - isAwaited: whether tasks wait for memory to come free.
  mutating func judge(
    _ reading: MemoryGauge.Reading?, taskBytes: Double, isAwaited: Bool = false, at now: Double
  ) -> Verdict {
    defer { (last, lastLook) = (reading, now) }
    guard let reading else {
      (verdict, nextLook, roomBytes, isHalfGone) = (.ample, now + 1, .infinity, false)
      return verdict
    }
    let rate = rate(Double(reading.availableBytes), now)
    noteLateness(now, rate)
    let reserve = Self.reserve(of: Double(reading.limitBytes))
    let available = Double(reading.availableBytes) - min(lateness * recentRate, reserve / 2)
    roomBytes = available - reserve
    (isHalfGone, minRise) = (available < Double(reading.limitBytes) / 2, reserve / 32)
    let isStalled = stalledShare(reading, now) > 0.3 && available < 2 * reserve
    verdict =
      switch available {
      case _ where isStalled || Double(reading.availableBytes) < reserve / 8: .exhausted
      case ..<max(Self.lastBytes(of: reserve), rate * Self.reliefSeconds): .critical
      case ..<(reserve / 2): .tight
      case ..<(reserve + taskBytes): .scarce
      default: .ample
      }
    nextLook = now + min(interval(available - reserve / 2, rate), isAwaited ? Self.awaitedInterval : .infinity)
    return verdict
  }

  private mutating func noteLateness(_ now: Double, _ rate: Double) {
    let late = now - nextLook
    lateness = max(nextLook > 0 && late < Self.maxLateness ? late : 0, lateness * Self.fading)
    recentRate = max(rate, recentRate * Self.fading)
  }

  /// A later look than this, in seconds, does not tell of the CPUs: the run was stopped, or the machine slept.
  private static let maxLateness = 0.1

  /// What is left from one look to the next of how late and how fast it was.
  private static let fading = 0.95

  /// A twentieth of the limit, and not less than tasks take while we are not looking.
  static func reserve(of limitBytes: Double) -> Double {
    max(min(limitBytes / 20, 0x1p30), min(0x1p26, limitBytes / 4))
  }

  /// What a single task that grows may take before it is looked at again and has stopped: 2 GB/s for 8 ms, or an eighth of
  /// the reserve, and no more than a quarter.
  private static func lastBytes(of reserve: Double) -> Double { min(reserve / 4, max(0x1p24, reserve / 8)) }

  /// The share of the time since the last look in which nothing could go on for want of memory.
  private func stalledShare(_ reading: MemoryGauge.Reading, _ now: Double) -> Double {
    guard let before = last?.stalledMicroseconds, let after = reading.stalledMicroseconds, now > lastLook else {
      return 0
    }
    return Double(max(0, after &- before)) / 1e6 / (now - lastLook)
  }

  /// What tasks that have slept so far may take from one moment to the next, in bytes a second: what four CPUs touch for the
  /// first time.
  private static let suddenRate = 8e9

  /// How soon what comes free is seen where tasks wait for it, in seconds.
  private static let awaitedInterval = 0.01

  /// Until tasks that are told to stop have stopped, or to go have gone, in seconds: memory that lasts no longer is as good
  /// as gone.
  private static let reliefSeconds = 0.015

  /// Bytes a second that went since the last look; 0 before there was one.
  private func rate(_ available: Double, _ now: Double) -> Double {
    guard let last, now > lastLook else { return 0 }
    return max(0, Double(last.availableBytes) - available) / (now - lastLook)
  }

  /// A quarter of the time that memory lasts at the rate at which it went, or might go; from 5 ms to 250 ms.
  private func interval(_ left: Double, _ rate: Double) -> Double {
    guard last != nil else { return 0.02 }
    return max(0.005, min(0.25, left / max(rate, Self.suddenRate) / 4))
  }
}

/// The kernel's count of processes that it killed for want of memory.
package enum MemoryKills {
  /// `oom_kill` of `/proc/vmstat`, for the whole system since boot; 0 where it is not told.
  package static func count() -> Int { count(in: KernelFile.read("/proc/vmstat", atMost: 64 << 10) ?? []) }

  static func count(in vmstat: [UInt8]) -> Int {
    KernelText.figure(after: "oom_kill ", in: vmstat) ?? 0
  }
}
