private import Glibc

package enum FileWriting {
  /// Writes all bytes to a file, from an offset on. Returns 0 or the errno.
  package static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int) -> Int32 {
    var done = 0
    while done < bytes.count {
      let count = OpenFile.writeSome(
        descriptor, UnsafeRawBufferPointer(rebasing: bytes[done...]), at: offset + done)
      if count >= 0 { done += count } else if errno != EINTR { return errno }
    }
    return 0
  }

  /// Writes all bytes. Returns 0 or the errno.
  package static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let count = Glibc.write(descriptor, piece.baseAddress, piece.count)
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        // Someone else has made the terminal or pipe non-blocking.
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&entry, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}
