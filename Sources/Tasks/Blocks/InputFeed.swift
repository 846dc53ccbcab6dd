internal import AdvisorCore
internal import System

/// Feeds a task's standard input as fast as the task reads it.
final class InputFeed {
  /// As many bytes as a pipe holds at most without a privilege (`/proc/sys/fs/pipe-max-size`, pipe(7)).
  static let maxPipeBytes = 1 << 20

  /// The task's end; closed here once it has been handed on.
  private var reading: Descriptor?
  private var writing: Descriptor?
  private var content: BlockFeed
  private var code: UInt64 = 0
  /// Whether all that there is has been written, and more will come.
  private(set) var isHungry = false

  /// - Throws: `AdvisorError` (temporary) when the system is short of descriptors.
  init(_ content: BlockFeed) throws(AdvisorError) {
    self.content = content
    let pipe = try Pipe()
    OpenFile.setNonBlocking(pipe.writing.number)
    let bytes = content.pieces.reduce(0) { $0 + $1.left.count }
    // The fewer turns it takes to hand a block on, the fewer wake-ups on both sides.
    if bytes > 1 << 16 || content.pieces.isEmpty {
      OpenFile.setPipeCapacity(
        pipe.writing.number, content.pieces.isEmpty ? Self.maxPipeBytes : min(bytes, Self.maxPipeBytes))
    }
    reading = consume pipe.reading
    writing = consume pipe.writing
  }

  var readEnd: Int32? { reading?.number }

  func closeReadEnd() { reading = nil }

  /// Writes as much of the first pieces as the pipe takes. Returns whether that was all; nil where nobody reads any more.
  ///
  /// Done before the task starts, it saves the task from waiting, and this process from being woken.
  @discardableResult
  func fill() -> Bool? {
    guard let writeEnd = writing?.number else { return nil }
    while var piece = content.pieces.first {
      let count = piece.left.isEmpty ? 0 : piece.write(to: writeEnd)
      if count < 0, Errno.last == .wouldBlock { return false }
      guard count > 0 || piece.left.isEmpty else { return nil }
      if piece.left.isEmpty { content.pieces.removeFirst() } else { content.pieces[0] = piece }
    }
    return true
  }

  /// Goes on with what the pipe has not taken yet, which is watched from now on; more is asked for only when others have had
  /// their turn.
  func watch(_ poll: borrowing EventPoll, as code: UInt64) throws(AdvisorError) {
    self.code = code
    guard let writeEnd = writing?.number, let isWritten = fill(), !isWritten || content.more != nil else {
      return writing = nil
    }
    try poll.add(writeEnd, as: code, for: .writing)
  }

  /// Writes as much as the pipe takes; at the end of the data, or when the task reads no more, the pipe is closed.
  func feed(_ poll: borrowing EventPoll) {
    guard let writeEnd = writing?.number else { return }
    // While nothing is to be written, only the end of its reader is told.
    guard !isHungry, let use = write() else { return writing = nil }
    if use == .nothing { poll.change(writeEnd, as: code, for: use) }
  }

  /// Writes as much as the pipe takes. Returns what to wait for then; nil at the end of the data, or of its reader.
  private func write() -> EventPoll.Use? {
    while true {
      guard let isWritten = fill() else { return nil }
      guard isWritten else { return .writing }
      switch content.more?() ?? .end {
      case .pieces(let pieces): content.pieces = pieces
      case .end: return nil
      case .waiting:
        isHungry = true
        return .nothing
      }
    }
  }

  /// There may be more to write.
  func goOn(_ poll: borrowing EventPoll) {
    guard isHungry, let writeEnd = writing?.number else { return }
    isHungry = false
    poll.change(writeEnd, as: code, for: .writing)
    feed(poll)
  }
}
