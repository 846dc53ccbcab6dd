package import AdvisorCore
private import Glibc

/// A text file that grows by whole lines: what has been added survives the end of this process, however it ends.
package final class RecordFile {
  private let path: String
  private let advice: String
  private let file: Descriptor
  /// More than the arguments of a task can be (execve(2)).
  private static let longestLine = 1 << 20
  /// Whether something was added since the disk was last told to hold all.
  package private(set) var isDirty = false
  /// Whether the last line that the file holds has no end, so that what is added would become a part of it.
  private var endsInLine = false
  /// Whether the file holds no more than a part of a first record, which tells nothing.
  package private(set) var isCutShort = false

  /// Opens or makes the file, for this process alone, and leaves what it holds as it is.
  ///
  /// - Parameters:
  ///   - isRecord: whether such a file can begin with this line, or with this part of one. What begins otherwise is somebody
  ///     else's.
  ///   - foreign: what is thrown then.
  ///   - advice: what to do where it cannot be written.
  /// - Throws: `AdvisorError`: cannotWrite, or temporary when another process writes to it.
  package init(
    path: String, isRecord: (_ line: ArraySlice<UInt8>, _ isWhole: Bool) -> Bool, foreign: (String) -> AdvisorError,
    advice: String = "make room there, or name a file that you may write"
  ) throws(AdvisorError) {
    self.path = path
    self.advice = advice
    file = try WriteFault.named(path, advice: advice) { () throws(WriteFault) in
      try ResolvedPath.append(to: path)
    }
    guard OpenFile.lock(descriptor) else {
      throw AdvisorError(
        .temporary, "another run is writing to “\(path)”", advice: "wait for it, or name another file")
    }
    guard let status = file.status, status.isFile, status.bytes > 0 else { return }
    let head = head
    let line = head.prefix { $0 != Self.lineEnd }
    let isWhole = line.count < head.count
    guard isRecord(line, isWhole) else { throw foreign(path) }
    isCutShort = !isWhole && !isRecord(line, true)
    var last: UInt8 = 0
    endsInLine = pread(descriptor, &last, 1, off_t(status.bytes - 1)) == 1 && last != Self.lineEnd
  }

  /// Forgets what an earlier run has recorded.
  package func empty() throws(AdvisorError) {
    // A device cannot be cut off, and has nothing to be forgotten.
    guard ftruncate(descriptor, 0) == 0 || errno == EINVAL else { throw failure(errno) }
    (endsInLine, isCutShort) = (false, false)
  }

  private var descriptor: Int32 { file.number }

  private static let lineEnd = UInt8(ascii: "\n")

  /// As far as it tells what file it is.
  private var head: ArraySlice<UInt8> {
    var head = [UInt8](repeating: 0, count: 256)
    return head[..<max(0, pread(descriptor, &head, head.count, 0))]
  }

  deinit {
    // A child that is just being started still holds the file, and with it the lock.
    flock(descriptor, LOCK_UN)
  }

  /// Adds a line, or several with line ends between them, and a line end.
  package func add(_ line: some Sequence<UInt8>) throws(AdvisorError) {
    let code = file.write((endsInLine ? [Self.lineEnd] : []) + Array(line) + [Self.lineEnd])
    guard code == 0 else { throw failure(code) }
    (isDirty, endsInLine) = (true, false)
  }

  /// Has the disk hold what was added, so that it survives a power cut.
  package func sync() {
    if isDirty { fdatasync(descriptor) }
    isDirty = false
  }

  /// The lines that the file holds, with a last one that may be half written.
  ///
  /// - Throws: `AdvisorError`: badData for lines that no record has.
  package func readLines(_ body: (ArraySlice<UInt8>) -> Void) throws(AdvisorError) {
    var buffer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 * 1024)
    var offset = 0
    while true {
      let count = pread(descriptor, &piece, piece.count, off_t(offset))
      guard count > 0 else { break }
      offset += count
      buffer += piece.prefix(count)
      var start = 0
      while let end = buffer[start...].firstIndex(of: Self.lineEnd) {
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
    if !buffer.isEmpty { body(buffer[...]) }
  }

  package var isEmpty: Bool { lseek(descriptor, 0, SEEK_END) <= 0 }

  private func failure(_ code: Int32) -> AdvisorError { WriteFault(code).error(path, advice: advice) }
}
