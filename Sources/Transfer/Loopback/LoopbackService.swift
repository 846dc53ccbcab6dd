internal import AdvisorCore
import System

/// The loopback server's event loop: one thread, edge-triggered epoll, a heap of timers for the latencies.
struct LoopbackService: ~Copyable {
  private var poll: EventPoll
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
    let poll = try EventPoll.make()
    try poll.add(listener, as: UInt64(listener))
    try poll.add(lifeline, as: UInt64(lifeline))
    return LoopbackService(poll, listener: listener, lifeline: lifeline)
  }

  private init(_ poll: consuming EventPoll, listener: Int32, lifeline: Int32) {
    self.poll = poll
    self.listener = listener
    self.lifeline = lifeline
  }

  deinit {
    for (descriptor, connection) in connections.enumerated() where connection.phase != .closed {
      OpenFile.close(Int32(descriptor))
    }
  }

  /// Serves until the lifeline closes.
  mutating func run() throws(AdvisorError) {
    while true {
      let count = try poll.wait(nanoseconds: timeout())
      for index in 0..<count {
        let event = poll[index]
        switch Int32(event.number) {
        case lifeline: if hasEnded() { return }
        case listener: accept()
        default: serve(Int32(event.number), event)
        }
      }
      answerWaiting()
    }
  }

  private func timeout() -> UInt64? {
    guard let next = timers.earliest else { return nil }
    let now = MonotonicClock.now
    return next > now ? next - now : 0
  }

  /// Whether the other end of the lifeline is closed; what was written into it is dropped.
  private func hasEnded() -> Bool {
    OpenFile.read(lifeline, into: responder.receiveBuffer) == 0
  }

  private mutating func accept() {
    while true {
      let socket = Socket.accept(listener)
      guard socket >= 0 else {
        // Out of descriptors: clients stay in the backlog until a connection closes.
        if Errno.last != .wouldBlock { setAccepting(false) }
        return
      }
      while connections.count <= Int(socket) { connections.append(LoopbackConnection()) }
      connections[Int(socket)].open()
      do {
        try poll.add(socket, as: UInt64(socket), for: .changes)
      } catch {
        close(socket)
      }
    }
  }

  private mutating func setAccepting(_ accepting: Bool) {
    poll.change(listener, as: UInt64(listener), for: accepting ? .reading : .nothing)
    isAccepting = accepting
  }

  private mutating func serve(_ socket: Int32, _ event: EventPoll.Event) {
    // A connection that an earlier event of this batch has closed.
    guard connections[Int(socket)].phase != .closed else { return }
    if event.isBroken { return close(socket) }
    if event.isReadable { connections[Int(socket)].isReadable = true }
    if event.isFinished { connections[Int(socket)].isFinished = true }
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
    OpenFile.close(socket)
    if !isAccepting { setAccepting(true) }
  }
}
