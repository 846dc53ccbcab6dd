/// What a task holds in memory, and whether it still takes more.
struct MemoryGrowth: Sendable {
  /// When last looked at.
  private(set) var bytes = 0.0
  /// What it must exceed to have grown.
  private var mark = 0.0
  private var lastLook: Double
  private var lastRise = -Double.infinity

  /// - Parameter start: of the task, in seconds.
  init(from start: Double) { lastLook = start }

  /// After this time without a look, in seconds, nobody knows when it has grown.
  private static let maxGap = 0.5

  /// Takes in what it holds at a time, in seconds.
  ///
  /// - Parameter minRise: below this, in bytes, it is no growth.
  mutating func add(bytes: Double, minRise: Double, at now: Double) {
    // What gives memory back is likely to end: a large one takes long to do so, and no other waits for it to grow.
    if bytes < self.bytes - minRise { lastRise = -.infinity }
    if now - lastLook > Self.maxGap {
      mark = bytes
    } else if bytes > mark + minRise {
      (mark, lastRise) = (bytes, now)
    }
    mark = min(mark, bytes)
    (self.bytes, lastLook) = (bytes, now)
  }

  /// Takes in that it may go on after a pause, which has kept it from growing.
  mutating func resume(at now: Double) { lastRise = now }

  /// Whether it has grown in the last tenth of its time, 0.05 to 1 s.
  ///
  /// - Parameter age: seconds that the task has run.
  func isGrowing(at now: Double, age: Double) -> Bool { now - lastRise < max(0.05, min(1, age / 10)) }
}
