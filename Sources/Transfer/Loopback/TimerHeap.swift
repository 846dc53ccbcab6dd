/// A binary min-heap of deadlines, each for one use of one connection.
struct TimerHeap {
  struct Timer {
    /// Nanoseconds of the monotonic clock.
    var deadline: UInt64
    var descriptor: Int32
    /// Which connection had the descriptor: numbers are used again after a close.
    var generation: UInt64
  }

  private var timers: [Timer] = []

  var next: UInt64? { timers.first?.deadline }

  mutating func insert(_ timer: Timer) {
    timers.append(timer)
    var child = timers.count - 1
    while child > 0, timers[child].deadline < timers[(child - 1) / 2].deadline {
      timers.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Removes and returns the earliest timer when its deadline is `now` or before.
  mutating func popExpired(by now: UInt64) -> Timer? {
    guard let first = timers.first, first.deadline <= now else { return nil }
    timers.swapAt(0, timers.count - 1)
    timers.removeLast()
    sink(0)
    return first
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < timers.count {
        if timers[child].deadline < timers[least].deadline { least = child }
      }
      guard least != parent else { return }
      timers.swapAt(parent, least)
      parent = least
    }
  }
}
