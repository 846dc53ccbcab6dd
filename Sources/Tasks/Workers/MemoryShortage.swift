/// How many workers memory has sufficed for, after it did not for more.
///
/// Large tasks that have met seldom meet again: as many ended tasks as there may be workers show that there may be one more.
/// Where one more was too many, the next takes twice as many rounds.
struct MemoryShortage: Sendable {
  private(set) var cap = Int.max
  private var rounds = 1
  private var ended = 0
  /// Whether there was one more since the last shortage. Several without that are those of the same large tasks.
  private var hasRisen = false

  /// Takes in that memory did not suffice for that many running tasks.
  mutating func add(running: Int) {
    if hasRisen { rounds *= 2 }
    cap = max(1, min(cap, running - 1))
    (ended, hasRisen) = (0, false)
  }

  mutating func taskEnded() {
    guard cap < .max else { return }
    ended += 1
    if ended >= rounds * cap { (cap, ended, hasRisen) = (cap + 1, 0, true) }
  }
}
