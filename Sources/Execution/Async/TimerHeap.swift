/// A binary min-heap of deadlines, each with what is due then.
struct TimerHeap<Value> {
  private var timers: [(deadline: UInt64, value: Value)] = []

  var isEmpty: Bool { timers.isEmpty }
  var earliest: UInt64? { timers.first?.deadline }

  mutating func insert(_ value: Value, due deadline: UInt64) {
    timers.append((deadline, value))
    var child = timers.count - 1
    while child > 0, timers[child].deadline < timers[(child - 1) / 2].deadline {
      timers.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Removes and returns the earliest where its deadline is `now` or before.
  mutating func popDue(by now: UInt64) -> Value? {
    guard let first = timers.first, first.deadline <= now else { return nil }
    timers.swapAt(0, timers.count - 1)
    timers.removeLast()
    var parent = 0
    while let least = [2 * parent + 1, 2 * parent + 2].filter({ $0 < timers.count }).min(by: isEarlier),
      isEarlier(least, parent)
    {
      timers.swapAt(parent, least)
      parent = least
    }
    return first.value
  }

  private func isEarlier(_ a: Int, _ b: Int) -> Bool { timers[a].deadline < timers[b].deadline }
}
