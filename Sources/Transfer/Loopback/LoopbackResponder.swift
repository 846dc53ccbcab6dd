private import System

/// Answers requests, and moves bytes between sockets and buffers that all connections share.
struct LoopbackResponder: ~Copyable {
  struct Answer {
    var response: LoopbackResponse
    var latencyNanoseconds: UInt64
    var keepsAlive: Bool
  }

  let receiveBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * 1024, alignment: 16)
  private let filling = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 16)
  /// Clients repeat themselves: the answer to the same head is not worked out again.
  private var lastHead: [UInt8] = []
  private var lastAnswer: Answer?

  init() { filling.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: "x")) }

  deinit {
    receiveBuffer.deallocate()
    filling.deallocate()
  }

  mutating func answer(to head: ArraySlice<UInt8>) -> Answer {
    if let lastAnswer, head.elementsEqual(lastHead) { return lastAnswer }
    let request = LoopbackRequest(head: head)
    let answer = Answer(
      response: Self.response(to: request), latencyNanoseconds: request.latencyNanoseconds,
      keepsAlive: request.keepsAlive)
    if request.target != .cpu { (lastHead, lastAnswer) = (Array(head), answer) }
    return answer
  }

  private static func response(to request: LoopbackRequest) -> LoopbackResponse {
    switch request.target {
    case .bytes(let count): LoopbackResponse(bytes: count, keepsAlive: request.keepsAlive)
    case .cpu: LoopbackResponse(text: "\(Double(CPUClock.process) / 1e9)\n", keepsAlive: request.keepsAlive)
    case .refused(let status): LoopbackResponse(refusal: status, keepsAlive: request.keepsAlive)
    }
  }

  /// Sends what the socket takes of a response, from an offset on. Returns the bytes taken, or -1, and `errno` says why.
  func send(_ response: LoopbackResponse, from offset: Int, to socket: Int32) -> Int {
    let headLeft = max(0, response.head.count - offset)
    let body = min(response.count - offset - headLeft, filling.count)
    return response.head.withUnsafeBytes { head in
      Socket.send(
        socket, UnsafeRawBufferPointer(rebasing: head.suffix(headLeft)),
        UnsafeRawBufferPointer(rebasing: filling.prefix(body)))
    }
  }
}
