import Foundation
import Glibc
import Testing

@testable import Transfer

/// A loopback server on a thread of this process.
final class TestServer {
  let port: UInt16
  private let listener: LoopbackListener
  private let lifeline: Int32
  private let ended = DispatchSemaphore(value: 0)

  init() throws {
    listener = try LoopbackListener.open()
    port = listener.port
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
    lifeline = ends[0]
    let (listening, watched, ended) = (listener.descriptor, ends[1], ended)
    Thread.detachNewThread {
      do {
        var service = try LoopbackService.make(listener: listening, lifeline: watched)
        try service.run()
      } catch {
        Issue.record(error)
      }
      close(watched)
      ended.signal()
    }
  }

  deinit {
    close(lifeline)
    ended.wait()
  }

  func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  /// Opens a connection, which fails a read that gets nothing for long rather than hang the tests.
  func connect() throws -> Client { try Client(port: port) }
}

/// A bare TCP client, to send what no HTTP library would.
final class Client {
  private let socket: Int32

  init(port: UInt16) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let code = withUnsafeBytes(of: &address) { bytes in
      Glibc.connect(
        socket, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    try #require(code == 0)
  }

  deinit { close(socket) }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// Says that nothing more will be sent, and still listens.
  func finish() { shutdown(socket, Int32(SHUT_WR)) }

  /// What comes until the server closes, or the first `count` bytes of it.
  func receive(atMost count: Int = .max) -> String {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while received.count < count {
      let taken = recv(socket, &buffer, min(buffer.count, count - received.count), 0)
      guard taken > 0 else { break }
      received += buffer.prefix(taken)
    }
    return String(decoding: received, as: UTF8.self)
  }
}
