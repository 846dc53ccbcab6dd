private import CLinux
private import Glibc
package import AdvisorCore

/// A pipe within this process, or to a program that is given one of its ends.
@frozen
package struct Pipe: ~Copyable {
  package let reading: Descriptor
  package let writing: Descriptor

  /// - Throws: ``AdvisorError`` (temporary) when the system is short of descriptors.
  package init() throws(AdvisorError) {
    var (reading, writing): (Int32, Int32) = (-1, -1)
    let code = clinux_pipe(&reading, &writing)
    guard let reading = Descriptor(owning: reading), let writing = Descriptor(owning: writing) else {
      throw .lackingDescriptors(for: "a pipe", -code)
    }
    self.reading = reading
    self.writing = writing
  }
}

/// Two connected sockets, the far one for a program that is started.
@frozen
package struct SocketPair: ~Copyable {
  package let near: Descriptor
  package let far: Descriptor

  /// - Throws: ``AdvisorError`` (temporary) when the system is short of descriptors.
  package init() throws(AdvisorError) {
    var ends: [Int32] = [-1, -1]
    let code = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 ? 0 : errno
    guard let near = Descriptor(owning: ends[0]), let far = Descriptor(owning: ends[1]) else {
      throw .lackingDescriptors(for: "a pair of sockets", code)
    }
    self.near = near
    self.far = far
  }
}

extension AdvisorError {
  fileprivate static func lackingDescriptors(for what: String, _ code: Int32) -> AdvisorError {
    AdvisorError(
      .temporary, "cannot make \(what): \(Errno(code).text)",
      advice: "use fewer workers, or raise the limit on open files (ulimit -n)")
  }
}
