private import CLinux
private import Glibc

/// What can be done with a socket by the number of its descriptor, whoever owns it; those made here are TCP's on this machine
/// and do not block.
package enum Socket {
  /// Nil where the system is short of descriptors, and `errno` says why.
  package static func stream() -> Descriptor? {
    Descriptor(
      owning: socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0))
  }

  /// Has a socket listen on 127.0.0.1, at a port that the kernel chooses; nil where that fails, and `errno` says why.
  package static func listenOnLoopback(_ number: Int32) -> UInt16? {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutableBytes(of: &address) { bytes -> Bool in
      guard let base = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else { return false }
      return bind(number, base, length) == 0 && listen(number, SOMAXCONN) == 0
        && getsockname(number, base, &length) == 0
    }
    return isBound ? UInt16(bigEndian: address.sin_port) : nil
  }

  /// Accepts the next client that is still there. Returns its socket, which does not block and sends small pieces at once
  /// (`TCP_NODELAY`), or -1 where there is none, and `errno` says why.
  package static func accept(_ listener: Int32) -> Int32 {
    while true {
      let client = clinux_accept(listener)
      if client == -EINTR || client == -ECONNABORTED { continue }
      guard client >= 0 else {
        errno = -client
        return -1
      }
      var flag: Int32 = 1
      setsockopt(client, Int32(IPPROTO_TCP), TCP_NODELAY, &flag, socklen_t(MemoryLayout<Int32>.size))
      return client
    }
  }

  /// Sends once what the socket takes of two pieces, one behind the other, and again where a signal has come between. Returns
  /// the bytes taken, or -1 where that fails, and `errno` says why.
  package static func send(_ number: Int32, _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) -> Int {
    var pieces = (
      iovec(iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress), iov_len: head.count),
      iovec(iov_base: UnsafeMutableRawPointer(mutating: body.baseAddress), iov_len: body.count)
    )
    return withUnsafeMutableBytes(of: &pieces) { bytes in
      var message = msghdr()
      message.msg_iov = bytes.assumingMemoryBound(to: iovec.self).baseAddress
      message.msg_iovlen = 2
      while true {
        let count = sendmsg(number, &message, Int32(MSG_NOSIGNAL))
        if count >= 0 || errno != EINTR { return count }
      }
    }
  }

  /// Sends once through a socket, and again where a signal has come between; a peer that is gone is no signal. Returns the
  /// bytes sent, or -1 where that fails, and `errno` says why.
  package static func send(_ number: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    while true {
      let count = Glibc.send(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 || errno != EINTR { return count }
    }
  }

  /// Receives once from a socket, and again where a signal has come between. Returns the bytes received, 0 at the end, or -1
  /// where that fails, and `errno` says why.
  ///
  /// - Parameter waits: whether to wait until there is something, where the socket itself does.
  package static func receive(_ number: Int32, into buffer: UnsafeMutableRawBufferPointer, waits: Bool = true) -> Int {
    while true {
      let count = recv(number, buffer.baseAddress, buffer.count, waits ? 0 : Int32(MSG_DONTWAIT))
      if count >= 0 || errno != EINTR { return count }
    }
  }
}
