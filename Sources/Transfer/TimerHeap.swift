/// A binary min-heap of deadlines, each with what is due then.
///
/// The unit of a deadline is the caller's; all this program's are nanoseconds of the monotonic clock.
package struct TimerHeap<Value> {
  @usableFromInline var timers: [(deadline: UInt64, value: Value)] = []

  @inlinable package init() {}

  @inlinable package var isEmpty: Bool { timers.isEmpty }
  @inlinable package var earliest: UInt64? { timers.first?.deadline }

  @inlinable package mutating func insert(_ value: Value, due deadline: UInt64) {
    timers.append((deadline, value))
    var child = timers.count - 1
    while child > 0, timers[child].deadline < timers[(child - 1) / 2].deadline {
      timers.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Removes and returns the earliest where its deadline is `now` or before.
  @inlinable package mutating func popDue(by now: UInt64) -> Value? {
    guard let first = timers.first, first.deadline <= now else { return nil }
    timers.swapAt(0, timers.count - 1)
    timers.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < timers.count {
        if timers[child].deadline < timers[least].deadline { least = child }
      }
      guard least != parent else { return first.value }
      timers.swapAt(parent, least)
      parent = least
    }
  }
}
