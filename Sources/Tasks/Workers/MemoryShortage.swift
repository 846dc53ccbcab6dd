/// How many workers memory has sufficed for, after it did not for more.
///
/// Large tasks that have met seldom meet again: as many ended tasks as there may be workers show that there may be one more.
/// After each further shortage it takes twice as many rounds.
struct MemoryShortage: Sendable {
  private(set) var cap = Int.max
  private var rounds = 1
  private var ended = 0
  private var last = -Double.infinity
  /// Shortages within this time, in seconds, are one: memory is not free at once.
  private static let oneSeconds = 0.5

  /// Takes in that memory did not suffice for that many running tasks, at a time in seconds.
  mutating func add(running: Int, at now: Double) {
    if cap < .max, now - last > Self.oneSeconds { rounds *= 2 }
    cap = max(1, min(cap, running - 1))
    (ended, last) = (0, now)
  }

  mutating func taskEnded() {
    guard cap < .max else { return }
    ended += 1
    if ended >= rounds * cap { (cap, ended) = (cap + 1, 0) }
  }
}
