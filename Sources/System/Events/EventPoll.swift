package import AdvisorCore
internal import CLinux
private import Glibc

/// An epoll instance that tells which of its descriptors are ready, each known by a number of the caller's.
package struct EventPoll: ~Copyable {
  /// Readable itself when one of them is.
  package var descriptor: Int32 { poll.number }
  private let poll: Descriptor
  private var events = [epoll_event](repeating: epoll_event(), count: 256)

  package static func make() throws(AdvisorError) -> EventPoll {
    guard let poll = Descriptor(owning: epoll_create1(Int32(EPOLL_CLOEXEC))) else { throw failure(errno) }
    return EventPoll(poll)
  }

  private init(_ poll: consuming Descriptor) { self.poll = poll }

  /// What is waited for.
  package enum Use {
    case reading, writing
    /// That a socket can be read or written once more, or its other end sends no more: each is told once (edge-triggered).
    case changes
    /// Nothing: it is only kept for later.
    case nothing
  }

  package func add(_ watched: Int32, as number: UInt64, for use: Use = .reading) throws(AdvisorError) {
    guard control(EPOLL_CTL_ADD, watched, number, use) == 0 else { throw Self.failure(errno) }
  }

  /// Watches a descriptor that was added for something else from now on.
  package func change(_ watched: Int32, as number: UInt64, for use: Use) {
    _ = control(EPOLL_CTL_MOD, watched, number, use)
  }

  /// Stops watching a descriptor that stays open; one that is closed is forgotten by itself.
  package func remove(_ watched: Int32) { epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, nil) }

  private func control(_ operation: Int32, _ watched: Int32, _ number: UInt64, _ use: Use) -> Int32 {
    var event = epoll_event(events: use.flags, data: epoll_data_t(u64: number))
    return epoll_ctl(descriptor, operation, watched, &event)
  }

  /// Waits until something is ready or the time is over (nil: no limit).
  ///
  /// - Returns: how many events there are to be asked for by their index, until the next wait; 0 also after a signal.
  package mutating func wait(nanoseconds: UInt64?) throws(AdvisorError) -> Int {
    let limit = nanoseconds.map { Int64(clamping: $0) } ?? -1
    let count = clinux_epoll_wait(descriptor, &events, Int32(events.count), limit)
    guard count >= 0 || count == -EINTR else { throw Self.failure(-count) }
    return max(0, Int(count))
  }

  /// The same, at most some ten days.
  package mutating func wait(seconds: Double?) throws(AdvisorError) -> Int {
    try wait(nanoseconds: seconds.map { UInt64(max(0, min($0, 1e6)) * 1e9) })
  }

  package subscript(index: Int) -> Event { Event(number: events[index].data.u64, flags: events[index].events) }

  private static func failure(_ code: Int32) -> AdvisorError {
    AdvisorError(
      .temporary, "cannot watch processes, pipes and sockets: \(Errno(code).text)",
      advice: "use fewer workers, or raise the limit on open files (ulimit -n)")
  }
}

extension EventPoll {
  /// What has happened to a descriptor.
  package struct Event {
    package let number: UInt64
    fileprivate let flags: UInt32

    /// Whether there is something to read, its end included.
    package var isReadable: Bool { has(EPOLLIN) || isFinished }
    /// Whether the other end of a socket sends no more.
    package var isFinished: Bool { has(EPOLLRDHUP) }
    /// Whether a connection is gone.
    package var isBroken: Bool { has(EPOLLERR) || has(EPOLLHUP) }

    private func has(_ flag: EPOLL_EVENTS) -> Bool { flags & flag.rawValue != 0 }
  }
}

extension EventPoll.Use {
  fileprivate var flags: UInt32 {
    switch self {
    case .reading: EPOLLIN.rawValue
    case .writing: EPOLLOUT.rawValue
    case .changes: EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    case .nothing: 0
    }
  }
}
