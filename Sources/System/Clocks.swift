internal import Glibc

/// The clock that waits and durations are on: `CLOCK_MONOTONIC`, in nanoseconds as a bare number for hot loops.
public enum MonotonicClock {
  public static var now: UInt64 { nanoseconds(CLOCK_MONOTONIC) }
  public static var seconds: Double { Double(now) / 1e9 }

  /// Sleeps until an absolute deadline, so that the lateness of one sleep does not add to the next.
  ///
  /// - Returns: false where a signal ended the sleep early.
  @discardableResult
  public static func sleep(until deadline: UInt64) -> Bool {
    var time = timespec(nanoseconds: deadline)
    return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == 0
  }

  /// The same, with the deadline on ``seconds``.
  public static func sleep(untilSeconds deadline: Double) { sleep(until: UInt64(max(0, deadline) * 1e9)) }
}

/// CPU time, which others' work on the same CPUs does not count towards; in nanoseconds.
public enum CPUClock {
  /// Of the calling thread.
  public static var thread: UInt64 { nanoseconds(CLOCK_THREAD_CPUTIME_ID) }
  public static var threadSeconds: Double { Double(thread) / 1e9 }
  /// Of all threads of this process.
  public static var process: UInt64 { nanoseconds(CLOCK_PROCESS_CPUTIME_ID) }
}

/// The date, which people and other programs are told, and which may be set back: no durations are measured on it.
package enum WallClock {
  /// Seconds since the first moment of 1970, UTC.
  package static var seconds: Double { Double(nanoseconds(CLOCK_REALTIME)) / 1e9 }

  /// The moment that a date and time of ISO 8601 in UTC names, such as `2026-03-05T14:30:00Z`, in ``seconds``; nil for others.
  package static func seconds(of text: String) -> Double? {
    let numbers = text.dropLast().split(omittingEmptySubsequences: false) { "-T:".contains($0) }.map { Int32($0) ?? -1 }
    guard text.utf8.count == 20, text.hasSuffix("Z"), numbers.count == 6 else { return nil }
    var fields = tm()
    (fields.tm_year, fields.tm_mon, fields.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
    (fields.tm_hour, fields.tm_min, fields.tm_sec) = (numbers[3], numbers[4], numbers[5])
    let seconds = timegm(&fields)
    // Where there is no such day or hour it has become another.
    return [fields.tm_mon + 1, fields.tm_mday, fields.tm_hour, fields.tm_min, fields.tm_sec] == numbers[1...]
      ? Double(seconds) : nil
  }
}

extension timespec {
  init(nanoseconds: UInt64) {
    self.init(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  }
}

private func nanoseconds(_ clock: clockid_t) -> UInt64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}
