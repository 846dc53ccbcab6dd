internal import AdvisorCore
internal import CLinux
private import Glibc
import System

/// The loopback server's event loop: one thread, edge-triggered epoll, a heap of timers for the latencies.
struct LoopbackService: ~Copyable {
  private let poll: Int32
  private let listener: Int32
  /// The loop ends when this closes.
  private let lifeline: Int32
  private var isAccepting = true
  private var connections: [LoopbackConnection] = []
  /// When waiting connections are answered. A descriptor is used again after a close, so the generation tells which
  /// connection had it.
  private var timers = TimerHeap<(descriptor: Int32, generation: UInt64)>()
  private var responder = LoopbackResponder()

  /// - Parameters:
  ///   - listener: a listening socket that does not block; stays the caller's.
  ///   - lifeline: a pipe or socket; the service ends when its other end closes.
  static func make(listener: Int32, lifeline: Int32) throws(AdvisorError) -> LoopbackService {
    let poll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard poll >= 0 else { throw LoopbackListener.error("cannot watch sockets", errno) }
    let service = LoopbackService(poll: poll, listener: listener, lifeline: lifeline)
    try service.watch(listener, EPOLLIN.rawValue)
    try service.watch(lifeline, EPOLLIN.rawValue)
    return service
  }

  private init(poll: Int32, listener: Int32, lifeline: Int32) {
    self.poll = poll
    self.listener = listener
    self.lifeline = lifeline
  }

  deinit {
    for (descriptor, connection) in connections.enumerated() where connection.phase != .closed {
      Glibc.close(Int32(descriptor))
    }
    Glibc.close(poll)
  }

  /// Serves until the lifeline closes.
  mutating func run() throws(AdvisorError) {
    var events = [epoll_event](repeating: epoll_event(), count: 256)
    while true {
      let count = clinux_epoll_wait(poll, &events, Int32(events.count), timeout())
      guard count >= 0 || count == -EINTR else { throw LoopbackListener.error("cannot watch sockets", -count) }
      for event in events.prefix(max(0, Int(count))) {
        switch event.data.fd {
        case lifeline: if hasEnded() { return }
        case listener: accept()
        default: serve(event.data.fd, event.events)
        }
      }
      answerWaiting()
    }
  }

  private func timeout() -> Int64 {
    guard let next = timers.earliest else { return -1 }
    let now = MonotonicClock.now
    return next > now ? Int64(next - now) : 0
  }

  /// Whether the other end of the lifeline is closed; what was written into it is dropped.
  private func hasEnded() -> Bool {
    read(lifeline, responder.receiveBuffer.baseAddress, responder.receiveBuffer.count) == 0
  }

  private mutating func accept() {
    while true {
      let socket = clinux_accept(listener)
      guard socket >= 0 else {
        if socket == -EINTR || socket == -ECONNABORTED { continue }
        // Out of descriptors: clients stay in the backlog until a connection closes.
        if socket != -EAGAIN { setAccepting(false) }
        return
      }
      while connections.count <= Int(socket) { connections.append(LoopbackConnection()) }
      connections[Int(socket)].open()
      var flag: Int32 = 1
      setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &flag, socklen_t(MemoryLayout<Int32>.size))
      do {
        try watch(socket, EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue)
      } catch {
        close(socket)
      }
    }
  }

  private mutating func setAccepting(_ accepting: Bool) {
    var event = epoll_event(events: accepting ? EPOLLIN.rawValue : 0, data: epoll_data_t(fd: listener))
    epoll_ctl(poll, EPOLL_CTL_MOD, listener, &event)
    isAccepting = accepting
  }

  private mutating func serve(_ socket: Int32, _ events: UInt32) {
    // A connection that an earlier event of this batch has closed.
    guard connections[Int(socket)].phase != .closed else { return }
    if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { return close(socket) }
    if events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 { connections[Int(socket)].isReadable = true }
    if events & EPOLLRDHUP.rawValue != 0 { connections[Int(socket)].isFinished = true }
    advance(socket)
  }

  private mutating func answerWaiting() {
    let now = MonotonicClock.now
    while let timer = timers.popDue(by: now) {
      let socket = Int(timer.descriptor)
      guard connections[socket].generation == timer.generation, connections[socket].phase == .waiting else { continue }
      connections[socket].phase = .writing
      advance(timer.descriptor)
    }
  }

  private mutating func advance(_ socket: Int32) {
    switch connections[Int(socket)].advance(socket, &responder) {
    case .rest: break
    case .wait(let nanoseconds):
      timers.insert((socket, connections[Int(socket)].generation), due: MonotonicClock.now + nanoseconds)
    case .close: close(socket)
    }
  }

  private mutating func close(_ socket: Int32) {
    connections[Int(socket)].phase = .closed
    Glibc.close(socket)
    if !isAccepting { setAccepting(true) }
  }

  private func watch(_ descriptor: Int32, _ events: UInt32) throws(AdvisorError) {
    var event = epoll_event(events: events, data: epoll_data_t(fd: descriptor))
    guard epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
      throw LoopbackListener.error("cannot watch descriptor \(descriptor)", errno)
    }
  }
}
