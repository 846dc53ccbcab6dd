package import AdvisorCore

/// Deadlines, each with what is due then: nanoseconds of ``MonotonicClock``.
package struct TimerHeap<Value> {
  @usableFromInline struct Timer: Comparable {
    @usableFromInline let deadline: UInt64
    @usableFromInline let value: Value

    @inlinable init(deadline: UInt64, value: Value) {
      self.deadline = deadline
      self.value = value
    }

    @inlinable static func < (one: Timer, other: Timer) -> Bool { one.deadline < other.deadline }
    @inlinable static func == (one: Timer, other: Timer) -> Bool { one.deadline == other.deadline }
  }

  @usableFromInline var timers = Heap<Timer>()

  @inlinable package init() {}

  @inlinable package var isEmpty: Bool { timers.isEmpty }
  @inlinable package var earliest: UInt64? { timers.least?.deadline }

  @inlinable package mutating func insert(_ value: Value, due deadline: UInt64) {
    timers.insert(Timer(deadline: deadline, value: value))
  }

  /// Removes and returns the earliest where its deadline is `now` or before.
  @inlinable package mutating func popDue(by now: UInt64) -> Value? {
    guard let earliest, earliest <= now else { return nil }
    return timers.removeLeast()?.value
  }
}
