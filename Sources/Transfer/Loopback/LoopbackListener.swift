internal import AdvisorCore
private import Glibc
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
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    guard let socket = Descriptor(owning: Glibc.socket(AF_INET, type, 0)) else {
      throw error("cannot make a socket", errno)
    }
    let descriptor = socket.number
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutableBytes(of: &address) { bytes -> Bool in
      guard let base = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else { return false }
      return bind(descriptor, base, length) == 0 && listen(descriptor, SOMAXCONN) == 0
        && getsockname(descriptor, base, &length) == 0
    }
    guard bound else { throw error("cannot listen on 127.0.0.1", errno) }
    return LoopbackListener(socket, port: UInt16(bigEndian: address.sin_port))
  }

  static func error(_ what: String, _ code: Int32) -> AdvisorError {
    AdvisorError(
      .unavailable, "the calibration server \(what): \(String(cString: strerror(code)))",
      advice: "check that the loopback network is up (ip link show lo) and raise the limit on open files (ulimit -n)")
  }
}
