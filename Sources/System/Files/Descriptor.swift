private import CLinux
private import Glibc

/// A file, a socket or an end of a pipe that this process holds open; it is closed with this value.
///
/// A local value lives to the end of its scope, but in one that is never left, as before `exit`, to its last use only.
package struct Descriptor: ~Copyable, Sendable {
  package let number: Int32

  /// Takes over what a system call has opened; nil where that has failed, and `errno` says why.
  package init?(owning number: Int32) {
    guard number >= 0 else { return nil }
    self.number = number
  }

  /// Another descriptor of the same open file, which no program that is started inherits; nil where that fails, and `errno`
  /// says why.
  package init?(duplicating number: Int32) { self.init(owning: fcntl(number, F_DUPFD_CLOEXEC, 3)) }

  /// Opens a file, which no program that is started inherits; nil where that fails, and `errno` says why.
  package init?(opening path: String, _ options: OpenOptions = .reading, mode: UInt32 = 0o666) {
    self.init(owning: open(path, options.rawValue | O_CLOEXEC, mode))
  }

  /// Opens a file by its name in an open folder; nil where that fails, and `errno` says why.
  ///
  /// - Parameter start: bytes of the name that lead to the folder.
  package init?(
    opening name: String, skipping start: Int = 0, in folder: Int32, _ options: OpenOptions = .reading,
    mode: UInt32 = 0o666
  ) {
    self.init(owning: name.withCString { openat(folder, $0 + start, options.rawValue | O_CLOEXEC, mode) })
  }

  /// Opens a file or folder for reading, with an open folder as the root that no link leads out of; nil where that fails, and
  /// `errno` says why: ``Errno/noFunction`` before Linux 5.6.
  package init?(opening path: String, asIfRoot root: Int32) {
    let number = clinux_open_in_root(root, path)
    if number < 0 { errno = -number }
    self.init(owning: number)
  }

  /// Makes a file without a name, for reading and writing: the kernel frees it with its last descriptor, however that is
  /// closed. Nil where that fails, and `errno` says why.
  package init?(unnamedIn folder: String) {
    // Where the file system knows of no such thing, the file has a name for a moment.
    let unnamed = clinux_open_unnamed(AT_FDCWD, folder, 0o600)
    var number = unnamed == -EOPNOTSUPP || unnamed == -EISDIR ? -EEXIST : unnamed
    while number == -EEXIST {
      let path = "\(folder)/advisor-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
      number = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if number >= 0 { unlink(path) } else { number = -errno }
    }
    if number < 0 { errno = -number }
    self.init(owning: number)
  }

  /// Makes a file without a name, which can be given one, in an open folder; nil where there is no such thing.
  package init?(unnamedIn folder: Int32, mode: UInt32) {
    self.init(owning: Self.canNameOpenFiles ? clinux_open_unnamed(folder, ".", mode) : -1)
  }

  /// Only by its name there can a file without one be given another (open(2)).
  private static let canNameOpenFiles = access("/proc/self/fd", F_OK) == 0

  deinit { _ = Glibc.close(number) }

  /// Closes it now, for who must know whether all that was written has arrived. Returns 0 or the errno.
  package consuming func close() -> Int32 {
    let code = Glibc.close(number) == 0 ? 0 : errno
    discard self
    return code
  }

  /// Hands it over to what closes it, such as `fdopendir`.
  package consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }

  /// Reads once, as `read` does, and again where a signal has come between. Returns the bytes read, 0 at the end, or -1
  /// where that fails, and `errno` says why.
  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int { OpenFile.read(number, into: buffer) }

  /// Reads to the end; nil where that fails, and `errno` says why: EFBIG where there are more than `most` bytes.
  package func readAll(atMost most: Int) -> [UInt8]? {
    withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
      var bytes: [UInt8] = []
      while true {
        let count = read(into: buffer)
        guard count > 0 else { return count == 0 ? bytes : nil }
        bytes += buffer[..<count]
        guard bytes.count <= most else {
          errno = EFBIG
          return nil
        }
      }
    }
  }

  /// Writes all bytes. Returns 0 or the errno.
  package func write(_ bytes: [UInt8]) -> Int32 { bytes.withUnsafeBytes { FileWriting.writeAll($0, to: number) } }

  package func write(_ bytes: UnsafeRawBufferPointer) -> Int32 { FileWriting.writeAll(bytes, to: number) }
}
