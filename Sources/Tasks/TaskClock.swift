/// The time that tasks have had, which their limits are judged by: what passes while the runner listens to them.
///
/// While a slow reader holds it up, or it is stopped, or the whole machine is, it neither takes their output nor sees them
/// end: that time is not theirs.
struct TaskClock {
  /// The longest wait while a task has a limit, so that one which takes much longer is noticed.
  static let maxWaitSeconds = 0.1
  /// Beyond its wait a turn of the event loop takes no longer, unless something holds it up.
  private static let maxWorkSeconds = 0.1

  /// In seconds, from 0.
  private(set) var now = 0.0
  private var lastTurn: Double
  private var blockedSeconds = 0.0

  init(at now: Double) { lastTurn = now }

  /// Takes in a turn of the event loop.
  ///
  /// - Parameters:
  ///   - now: its end, in seconds of the monotonic clock.
  ///   - wait: how long it was to wait at most; nil for no limit.
  ///   - blockedSeconds: time that writing has taken since the run began.
  mutating func turn(at now: Double, wait: Double?, blockedSeconds: Double) {
    let free = now - lastTurn - (blockedSeconds - self.blockedSeconds)
    self.now += max(0, min(free, (wait ?? .infinity) + Self.maxWorkSeconds))
    (lastTurn, self.blockedSeconds) = (now, blockedSeconds)
  }
}
