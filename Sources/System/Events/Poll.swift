private import Glibc

/// Waits for a few descriptors (poll(2)); ``EventPoll`` is for many.
package enum Poll {
  /// Waits until a descriptor can be read without blocking, or its other end is gone.
  ///
  /// - Parameters:
  ///   - descriptor: negative waits for the time alone.
  ///   - milliseconds: negative is no limit.
  /// - Returns: 1; 0 when the time is over; -1 where a signal or an error has ended the wait, and `errno` says why.
  @discardableResult
  package static func waitToRead(_ descriptor: Int32, milliseconds: Int32 = -1) -> Int32 {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, milliseconds)
  }

  /// The positions of those of some descriptors that can be read, or whose other end is gone; none when the time is over.
  package static func readable(among count: Int, milliseconds: Int32, _ descriptor: (Int) -> Int32) -> [Int] {
    var entries = (0..<count).map { pollfd(fd: descriptor($0), events: Int16(POLLIN), revents: 0) }
    guard poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return [] }
    return entries.indices.filter { entries[$0].revents != 0 }
  }

  /// Waits until one descriptor takes what is written or another can be read; tells whether the second can.
  package static func waitToWrite(_ output: Int32, orRead input: Int32) -> Bool {
    var entries = [
      pollfd(fd: output, events: Int16(POLLOUT), revents: 0), pollfd(fd: input, events: Int16(POLLIN), revents: 0),
    ]
    poll(&entries, 2, -1)
    return entries[1].revents != 0
  }
}
