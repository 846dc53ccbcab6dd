internal import AdvisorCore
internal import System

/// Feeds a part of a file to a task's standard input, as fast as the task reads it.
final class InputFeed {
  /// The task's end; closed here once it has been handed on.
  private var reading: Descriptor?
  private var writing: Descriptor?
  private let parts: FileParts
  private var left: Range<Int>

  /// - Throws: `AdvisorError` (temporary) when the system is short of descriptors.
  init(_ parts: FileParts, _ range: Range<Int>) throws(AdvisorError) {
    self.parts = parts
    left = range
    let pipe = try Pipe()
    OpenFile.setNonBlocking(pipe.writing.number)
    reading = consume pipe.reading
    writing = consume pipe.writing
  }

  var readEnd: Int32? { reading?.number }

  func watch(_ poll: borrowing EventPoll, as code: UInt64) throws(AdvisorError) {
    if let writeEnd = writing?.number { try poll.add(writeEnd, as: code, for: .writing) }
  }

  func closeReadEnd() { reading = nil }

  /// Writes as much as the pipe takes; at the end of the part, or when the task reads no more, the pipe is closed.
  func feed() {
    guard let writeEnd = writing?.number else { return }
    while !left.isEmpty {
      let count = OpenFile.copy(parts.file.number, from: left.lowerBound, count: left.count, to: writeEnd)
      if count < 0, Errno.last == .wouldBlock { return }
      guard count > 0 else { break }
      left = left.lowerBound + count..<left.upperBound
    }
    writing = nil
  }
}
