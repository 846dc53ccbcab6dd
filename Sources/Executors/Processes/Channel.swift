import AdvisorCore
import System

/// One end of a socket pair that carries frames, each after its length.
///
/// A peer that has died is no error here: nothing more arrives, and what is sent is lost.
struct Channel: ~Copyable {
  var descriptor: Int32 { socket.number }
  private let socket: Descriptor
  private var received: [UInt8] = []
  /// Of one frame; a longer one is not ours.
  private static let longest = 1 << 20

  /// Takes over a connected stream socket.
  init(_ socket: consuming Descriptor) { self.socket = socket }

  /// Returns false where the peer is gone.
  @discardableResult
  func send(_ frame: Frame) -> Bool {
    var length = UInt32(frame.bytes.count)
    let message = withUnsafeBytes(of: &length) { Array($0) } + frame.bytes
    var sent = 0
    while sent < message.count {
      let count = message.withUnsafeBytes { Socket.send(descriptor, UnsafeRawBufferPointer(rebasing: $0[sent...])) }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// The next frame; blocks until it is there. Nil where the peer is gone.
  mutating func receive() -> Frame.Reader? {
    while true {
      if let frame = nextFrame() { return frame }
      guard fill(waits: true) else { return nil }
    }
  }

  /// Reads what has arrived, without waiting. Returns false where the peer is gone.
  mutating func fill() -> Bool { fill(waits: false) }

  /// The next whole frame of what was read.
  mutating func nextFrame() -> Frame.Reader? {
    guard received.count >= 4 else { return nil }
    let length = Int(received.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) })
    guard received.count >= 4 + length else { return nil }
    let frame = received[4..<4 + length]
    received = Array(received[(4 + length)...])
    return Frame.Reader(frame)
  }

  private mutating func fill(waits: Bool) -> Bool {
    guard received.count < Self.longest else { return false }
    return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
      let count = Socket.receive(descriptor, into: buffer, waits: waits)
      guard count > 0 else { return count < 0 && Errno.last == .wouldBlock }
      received += buffer[..<count]
      return true
    }
  }
}
