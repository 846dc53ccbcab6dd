internal import AdvisorCore
private import Glibc

/// A text file that grows by whole lines: what has been added survives the end of this process, however it ends.
final class RecordFile {
  private let path: String
  private let file: Descriptor
  /// More than the arguments of a task can be (execve(2)).
  private static let longestLine = 1 << 20
  /// Whether something was added since the disk was last told to hold all.
  private(set) var isDirty = false

  /// Opens or makes the file, for this process alone.
  ///
  /// - Parameters:
  ///   - keepingContents: whether to go on with what is there; else it is emptied.
  ///   - isRecord: whether such a file can begin with this line, or with this part of one. What begins otherwise is somebody
  ///     else's, and is not emptied.
  ///   - foreign: what is thrown then.
  /// - Throws: `AdvisorError`: cannotWrite, or temporary when another process writes to it.
  init(
    path: String, keepingContents: Bool, isRecord: (ArraySlice<UInt8>) -> Bool, foreign: (String) -> AdvisorError
  ) throws(AdvisorError) {
    self.path = path
    guard let file = Descriptor(opening: path, O_RDWR | O_APPEND | O_CREAT) else { throw Self.failure(path, errno) }
    self.file = file
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw AdvisorError(
        .temporary, "another run is writing to “\(path)”", advice: "wait for it, or name another file")
    }
    if !keepingContents, let line = firstLine, !isRecord(line) { throw foreign(path) }
    if !keepingContents, ftruncate(descriptor, 0) != 0, errno != EINVAL { throw Self.failure(path, errno) }
  }

  private var descriptor: Int32 { file.number }

  /// As far as it tells what file it is; nil where there is none, as in a device.
  private var firstLine: ArraySlice<UInt8>? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var head = [UInt8](repeating: 0, count: 256)
    let count = pread(descriptor, &head, head.count, 0)
    return count > 0 ? head[..<count].prefix { $0 != UInt8(ascii: "\n") } : nil
  }

  deinit {
    // A child that is just being started still holds the file, and with it the lock.
    flock(descriptor, LOCK_UN)
  }

  /// Adds one line, without its line end.
  func add(_ line: some Sequence<UInt8>) throws(AdvisorError) {
    let code = file.write(Array(line) + [UInt8(ascii: "\n")])
    guard code == 0 else { throw Self.failure(path, code) }
    isDirty = true
  }

  /// Has the disk hold what was added, so that it survives a power cut.
  func sync() {
    if isDirty { fdatasync(descriptor) }
    isDirty = false
  }

  /// The whole lines that the file holds. What follows the last line end, half written, is cut off.
  ///
  /// - Throws: `AdvisorError`: badData for lines that no record has, cannotWrite where the end cannot be cut off.
  func readLines(_ body: (ArraySlice<UInt8>) -> Void) throws(AdvisorError) {
    var buffer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 * 1024)
    var offset = 0
    while true {
      let count = pread(descriptor, &piece, piece.count, off_t(offset))
      guard count > 0 else { break }
      offset += count
      buffer += piece.prefix(count)
      var start = 0
      while let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
        body(buffer[start..<end])
        start = end + 1
      }
      buffer.removeSubrange(..<start)
      guard buffer.count <= Self.longestLine else {
        throw AdvisorError(
          .badData, "“\(path)” is no record of tasks: it has a line of more than 1 MiB",
          advice: "name a journal that `advisor run` has written, or a new file")
      }
    }
    guard buffer.isEmpty || ftruncate(descriptor, off_t(offset - buffer.count)) == 0 else {
      throw Self.failure(path, errno)
    }
  }

  var isEmpty: Bool { lseek(descriptor, 0, SEEK_END) <= 0 }

  private static func failure(_ path: String, _ code: Int32) -> AdvisorError {
    AdvisorError(
      .cannotWrite, "cannot write to “\(path)”: \(String(cString: strerror(code)))",
      advice: "make room there, or name a file that you may write")
  }
}
