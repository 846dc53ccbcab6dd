package import AdvisorCore
internal import CLinux
private import Glibc

/// An epoll instance that tells which of its descriptors are ready, each known by a number of the caller's.
package struct EventPoll: ~Copyable {
  /// Readable itself when one of them is.
  package var descriptor: Int32 { poll.number }
  private let poll: Descriptor
  private var events = [epoll_event](repeating: epoll_event(), count: 128)

  package static func make() throws(AdvisorError) -> EventPoll {
    guard let poll = Descriptor(owning: epoll_create1(Int32(EPOLL_CLOEXEC))) else { throw failure(errno) }
    return EventPoll(poll)
  }

  private init(_ poll: consuming Descriptor) { self.poll = poll }

  package enum Use { case reading, writing }

  package func add(_ watched: Int32, as number: UInt64, for use: Use = .reading) throws(AdvisorError) {
    let events = use == .reading ? EPOLLIN : EPOLLOUT
    var event = epoll_event(events: events.rawValue, data: epoll_data_t(u64: number))
    guard epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event) == 0 else { throw Self.failure(errno) }
  }

  /// Stops watching a descriptor that stays open; one that is closed is forgotten by itself.
  package func remove(_ watched: Int32) { epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, nil) }

  /// Waits until something is ready or the time is over (nil: no limit), and tells the numbers that are.
  package mutating func wait(seconds: Double?, into ready: inout [UInt64]) throws(AdvisorError) {
    ready.removeAll(keepingCapacity: true)
    let nanoseconds = seconds.map { Int64(max(0, min($0, 1e6)) * 1e9) } ?? -1
    let count = clinux_epoll_wait(descriptor, &events, Int32(events.count), nanoseconds)
    guard count >= 0 || count == -EINTR else { throw Self.failure(-count) }
    for index in 0..<Int(max(0, count)) { ready.append(events[index].data.u64) }
  }

  private static func failure(_ code: Int32) -> AdvisorError {
    AdvisorError(
      .temporary, "cannot watch the tasks: \(Errno(code).text)",
      advice: "use fewer workers, or raise the limit on open files (ulimit -n)")
  }
}
