private import System

/// One client of the loopback server: reads a request, waits its latency, sends the response, and again.
struct LoopbackConnection {
  enum Phase: Equatable {
    case closed
    case reading
    case waiting
    case writing
  }

  /// What the server does next for a connection.
  enum Step {
    /// Nothing until the socket is ready.
    case rest
    case wait(nanoseconds: UInt64)
    case close
  }

  /// Longer heads are refused (status 431).
  static let longestHead = 16 * 1024

  var phase = Phase.closed
  var generation: UInt64 = 0
  /// Whether bytes may be waiting: the edge-triggered poll tells it once.
  var isReadable = false
  /// Whether the client has said that it sends no more.
  var isFinished = false
  private var input: [UInt8] = []
  private var response = LoopbackResponse(bytes: 0, keepsAlive: true)
  private var sent = 0
  private var closesAfterResponse = false

  mutating func open() {
    generation += 1
    phase = .reading
    isReadable = true
    isFinished = false
    input.removeAll(keepingCapacity: true)
    closesAfterResponse = false
  }

  /// Goes as far as the socket allows.
  mutating func advance(_ socket: Int32, _ responder: inout LoopbackResponder) -> Step {
    while true {
      switch phase {
      case .closed, .waiting: return .rest
      case .reading:
        if let answer = nextAnswer(&responder) {
          begin(answer)
          if phase == .waiting { return .wait(nanoseconds: answer.latencyNanoseconds) }
        } else if isReadable {
          guard receive(socket, responder) else { return .close }
        } else {
          return .rest
        }
      case .writing:
        switch send(socket, responder) {
        case .done where closesAfterResponse: return .close
        case .done: phase = .reading
        case .blocked: return .rest
        case .failed: return .close
        }
      }
    }
  }

  private mutating func begin(_ answer: LoopbackResponder.Answer) {
    closesAfterResponse = !answer.keepsAlive
    response = answer.response
    sent = 0
    phase = answer.latencyNanoseconds > 0 ? .waiting : .writing
  }

  private mutating func nextAnswer(_ responder: inout LoopbackResponder) -> LoopbackResponder.Answer? {
    if let end = Self.endOfHead(input) {
      defer { input.removeSubrange(..<end.next) }
      return responder.answer(to: input[..<end.head])
    }
    guard input.count > Self.longestHead else { return nil }
    input.removeAll()
    return LoopbackResponder.Answer(
      response: LoopbackResponse(refusal: 431, keepsAlive: false), latencyNanoseconds: 0, keepsAlive: false)
  }

  /// Where the empty line that ends a head is: `\r\n\r\n`, or `\n\n` of a client that is lax.
  private static func endOfHead(_ input: [UInt8]) -> (head: Int, next: Int)? {
    var lineStart = 0
    for index in input.indices where input[index] == UInt8(ascii: "\n") {
      let isEmpty = index == lineStart || (index == lineStart + 1 && input[lineStart] == UInt8(ascii: "\r"))
      if isEmpty, lineStart > 0 { return (lineStart, index + 1) }
      lineStart = index + 1
    }
    return nil
  }

  /// Takes what has come; false when nothing more will.
  private mutating func receive(_ socket: Int32, _ responder: borrowing LoopbackResponder) -> Bool {
    let space = responder.receiveBuffer
    let count = Socket.receive(socket, into: space)
    guard count > 0 else {
      isReadable = false
      return count < 0 && Errno.last == .wouldBlock
    }
    // A short count has emptied the socket, and the next bytes make a new edge; an end that was told makes none.
    isReadable = count == space.count || isFinished
    input.append(contentsOf: space.prefix(count))
    return true
  }

  private enum Sent { case done, blocked, failed }

  private mutating func send(_ socket: Int32, _ responder: borrowing LoopbackResponder) -> Sent {
    while sent < response.count {
      let count = responder.send(response, from: sent, to: socket)
      guard count >= 0 else { return Errno.last == .wouldBlock ? .blocked : .failed }
      sent += count
    }
    return .done
  }
}
