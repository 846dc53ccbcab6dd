internal import AdvisorCore
internal import System

/// A listening socket on 127.0.0.1, at a port that the kernel chooses.
struct LoopbackListener: ~Copyable {
  var descriptor: Int32 { socket.number }
  let port: UInt16
  private let socket: Descriptor

  private init(_ socket: consuming Descriptor, port: UInt16) {
    self.socket = socket
    self.port = port
  }

  static func open() throws(AdvisorError) -> LoopbackListener {
    guard let socket = Socket.stream() else { throw error("cannot make a socket", .last) }
    guard let port = Socket.listenOnLoopback(socket.number) else { throw error("cannot listen on 127.0.0.1", .last) }
    return LoopbackListener(socket, port: port)
  }

  static func error(_ what: String, _ code: Errno) -> AdvisorError {
    AdvisorError(
      .unavailable, "the calibration server \(what): \(code.text)",
      advice: "check that the loopback network is up (ip link show lo) and raise the limit on open files (ulimit -n)")
  }
}
