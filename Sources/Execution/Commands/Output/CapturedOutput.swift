internal import AdvisorCore
private import Glibc

/// What a task has written: in memory while it is little, else in a temporary file that has no name.
final class CapturedOutput {
  /// Beyond this it goes to the file. Some thousand tasks' output may wait for its turn.
  static let mostInMemory = 16 * 1024

  private(set) var count = 0
  private var memory: [UInt8] = []
  private var file: Int32 = -1

  var isInFile: Bool { file >= 0 }

  deinit { if file >= 0 { close(file) } }

  /// - Throws: `AdvisorError` (cannotWrite) when the temporary file cannot be made or written.
  func append(_ bytes: UnsafeRawBufferPointer) throws(AdvisorError) {
    count += bytes.count
    if file < 0, memory.count + bytes.count > Self.mostInMemory {
      file = try Self.temporaryFile() ?? -1
      if file >= 0 {
        try check(memory.withUnsafeBytes { FileWriting.writeAll($0, to: file) })
        memory = []
      }
    }
    if file >= 0 {
      try check(FileWriting.writeAll(bytes, to: file))
    } else {
      memory.append(contentsOf: bytes)
    }
  }

  /// Hands on all of it in pieces; stops when told so.
  func forEachPiece(_ body: (UnsafeRawBufferPointer) -> Bool) {
    guard file >= 0 else {
      _ = memory.withUnsafeBytes { $0.isEmpty || body($0) }
      return
    }
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    var offset = 0
    while offset < count {
      let taken = buffer.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, off_t(offset)) }
      guard taken > 0 else { return }
      offset += taken
      guard buffer.withUnsafeBytes({ body(UnsafeRawBufferPointer(rebasing: $0[..<taken])) }) else { return }
    }
  }

  private func check(_ code: Int32) throws(AdvisorError) {
    guard code == 0 else { throw Self.failure(code) }
  }

  private static var folder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

  /// Nil when there is no descriptor left: the output stays in memory then.
  private static func temporaryFile() throws(AdvisorError) -> Int32? {
    var name = Array("\(folder)/advisor-output-XXXXXX".utf8CString)
    let file = mkstemp(&name)
    guard file >= 0 else {
      guard errno == EMFILE || errno == ENFILE else { throw failure(errno) }
      return nil
    }
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    unlink(name)
    return file
  }

  private static func failure(_ code: Int32) -> AdvisorError {
    AdvisorError(
      .cannotWrite, "cannot keep a task's output in \(folder): \(String(cString: strerror(code)))",
      advice: "make room there, or set TMPDIR to a folder with more")
  }
}

enum FileWriting {
  /// Writes all bytes. Returns 0 or the errno.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
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
