import AdvisorCore
private import Glibc
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
      let count = message.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// The next frame; blocks until it is there. Nil where the peer is gone.
  mutating func receive() -> Frame.Reader? {
    while true {
      if let frame = nextFrame() { return frame }
      guard fill(flags: 0) else { return nil }
    }
  }

  /// Reads what has arrived, without waiting. Returns false where the peer is gone.
  mutating func fill() -> Bool { fill(flags: Int32(MSG_DONTWAIT)) }

  /// The next whole frame of what was read.
  mutating func nextFrame() -> Frame.Reader? {
    guard received.count >= 4 else { return nil }
    let length = Int(received.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) })
    guard received.count >= 4 + length else { return nil }
    let frame = received[4..<4 + length]
    received = Array(received[(4 + length)...])
    return Frame.Reader(frame)
  }

  private mutating func fill(flags: Int32) -> Bool {
    guard received.count < Self.longest else { return false }
    return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
      var count: Int
      repeat { count = recv(descriptor, buffer.baseAddress, buffer.count, flags) } while count < 0 && errno == EINTR
      if count > 0 { received += buffer[..<count] }
      return count > 0 || (count < 0 && errno == EAGAIN)
    }
  }
}
