private import Glibc

/// The clock that waits and durations are on: nanoseconds of `CLOCK_MONOTONIC`, as a bare number for hot loops.
public enum MonotonicClock {
  public static var now: UInt64 { nanoseconds(CLOCK_MONOTONIC) }

  /// Sleeps until an absolute deadline, so that the lateness of one sleep does not add to the next.
  ///
  /// - Returns: false where a signal ended the sleep early.
  @discardableResult
  public static func sleep(until deadline: UInt64) -> Bool {
    var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == 0
  }
}

/// The clock of the calendar, which the administrator may set.
package enum WallClock {
  /// Seconds since 1970 (`CLOCK_REALTIME`).
  package static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// CPU time, which others' work on the same CPUs does not count towards; nanoseconds.
public enum CPUClock {
  /// Of the calling thread.
  public static var thread: UInt64 { nanoseconds(CLOCK_THREAD_CPUTIME_ID) }
  /// Of all threads of this process.
  public static var process: UInt64 { nanoseconds(CLOCK_PROCESS_CPUTIME_ID) }
}

private func nanoseconds(_ clock: clockid_t) -> UInt64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}
