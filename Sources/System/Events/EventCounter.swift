private import CLinux
private import Glibc

/// A counter in the kernel that turns readable when it is added to (eventfd(2)): how one thread wakes another's poll.
package final class EventCounter: Sendable {
  package var descriptor: Int32 { counter.number }
  private let counter: Descriptor

  /// Nil where the system is short of descriptors, and `errno` says why.
  package init?() {
    guard let counter = Descriptor(owning: eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))) else { return nil }
    self.counter = counter
  }

  package func add() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  /// What was added since this was last asked for; nil where nothing was.
  package func take() -> UInt64? {
    var count: UInt64 = 0
    return read(descriptor, &count, MemoryLayout<UInt64>.size) > 0 ? count : nil
  }
}

/// A clock's tick that turns a descriptor readable (timerfd_create(2)).
package struct PeriodicTimer: ~Copyable, Sendable {
  package var descriptor: Int32 { timer.number }
  private let timer: Descriptor

  /// Ticks at once, and then after every period. Nil where the system is short of descriptors, and `errno` says why.
  package init?(nanoseconds: Int) {
    guard let timer = Descriptor(owning: timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK)))
    else { return nil }
    let period = timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
    var times = itimerspec(it_interval: period, it_value: timespec(tv_sec: 0, tv_nsec: 1))
    guard timerfd_settime(timer.number, 0, &times, nil) == 0 else { return nil }
    self.timer = timer
  }

  /// Whether it has ticked since this was last asked for.
  package func hasTicked() -> Bool {
    var ticks: UInt64 = 0
    return read(descriptor, &ticks, MemoryLayout<UInt64>.size) == MemoryLayout<UInt64>.size
  }
}
