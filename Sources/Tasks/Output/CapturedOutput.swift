package import AdvisorCore
internal import System

/// What a task has written: in memory while it is little, else in a temporary file that has no name.
package final class CapturedOutput {
  /// Beyond this it takes a piece of ``OutputMemory``. Some thousand tasks' output may wait for its turn.
  static let maxInMemory = 16 * 1024

  private(set) var count = 0
  private var memory: [UInt8] = []
  private let pieces: OutputMemory
  /// Where all of it is once it is too much for ``memory``, and goes into one.
  private var piece: BlockMemory?
  /// Where all of it lies once it is too much for memory.
  private(set) var place: (file: SpoolFile, offset: Int)?

  /// - Parameter pieces: memory that it shares with others.
  init(in pieces: OutputMemory) { self.pieces = pieces }

  deinit { dropMemory() }

  var isInFile: Bool { place != nil }

  /// - Throws: `AdvisorError` (cannotWrite) when the temporary file cannot be made or written.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(AdvisorError) {
    try makeRoom(for: bytes.count)
    count += bytes.count
    if let place {
      try check(place.file.descriptor.write(bytes))
    } else if let piece {
      piece.append(bytes)
    } else {
      memory.append(contentsOf: bytes)
    }
  }

  /// Takes what a pipe holds, at most `most` bytes: into the file without a copy in this process, or into a piece of memory.
  /// Returns how many there were; nil where it has to be read.
  func take(_ most: Int, from pipe: Int32) throws(AdvisorError) -> Int? {
    try makeRoom(for: most)
    if let piece {
      let taken = OpenFile.read(pipe, into: UnsafeMutableRawBufferPointer(rebasing: piece.room.prefix(most)))
      guard taken > 0 else { return 0 }
      piece.count += taken
      count += taken
      return taken
    }
    guard let place else { return nil }
    let taken = OpenFile.move(most, from: pipe, to: place.file.descriptor.number)
    if taken < 0, Errno.last == .invalidArgument { return nil }
    guard taken >= 0 else { throw SpoolFile.failure(Errno.last) }
    count += taken
    return taken
  }

  /// Moves to where that number of further bytes can be kept.
  private func makeRoom(for more: Int) throws(AdvisorError) {
    guard place == nil, count + more > (piece == nil ? Self.maxInMemory : OutputMemory.pieceBytes) else { return }
    if piece == nil, count + more <= OutputMemory.pieceBytes, let free = pieces.take() {
      memory.withUnsafeBytes(free.append)
      (piece, memory) = (free, [])
    } else if let file = try SpoolFile.make() {
      place = (file, 0)
      try check(withMemory { file.descriptor.write($0) })
      dropMemory()
    } else if let piece {
      memory = Array(piece.filled)
      dropPiece()
    }
  }

  private func withMemory<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    piece.map { body($0.filled) } ?? memory.withUnsafeBytes(body)
  }

  private func dropMemory() {
    memory = []
    dropPiece()
  }

  private func dropPiece() {
    if let piece { pieces.giveBack(piece) }
    piece = nil
  }

  /// Has the kernel copy what lies in a file of its own to where it is printed, as far as it can: pages of a file that others
  /// share, whose room is given back, must not be lent to a pipe. Returns the bytes copied.
  func copy(to number: Int32) -> Int {
    guard let place, place.offset == 0, !place.file.isShared else { return 0 }
    var done = 0
    while done < count {
      let copied = OpenFile.copy(place.file.descriptor.number, from: done, count: count - done, to: number)
      guard copied > 0 else { break }
      done += copied
    }
    return done
  }

  /// Hands on all of it behind its first bytes in pieces; stops when told so.
  func forEachPiece(after start: Int = 0, _ body: (UnsafeRawBufferPointer) -> Bool) {
    guard let place else {
      _ = withMemory { $0.isEmpty || body($0) }
      return
    }
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    var done = start
    while done < count {
      let taken = buffer.withUnsafeMutableBytes { buffer in
        OpenFile.read(
          place.file.descriptor.number, into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(count - done)),
          at: place.offset + done)
      }
      guard taken > 0 else { return }
      done += taken
      guard buffer.withUnsafeBytes({ body(UnsafeRawBufferPointer(rebasing: $0[..<taken])) }) else { return }
    }
  }

  /// Moves all of it to the end of another file.
  ///
  /// - Throws: `AdvisorError` (cannotWrite) where that takes no more; it stays where it was then.
  func move(to file: SpoolFile, at end: Int) throws(AdvisorError) {
    var (written, code) = (0, Int32(0))
    forEachPiece { bytes in
      code = FileWriting.writeAll(bytes, to: file.descriptor.number, at: end + written)
      written += bytes.count
      return code == 0
    }
    try check(code)
    place = (file, end)
    dropMemory()
  }

  /// The last line that is not empty, as far as it is short; nil where there is none.
  func lastLine(maxBytes: Int = 400) -> [UInt8]? {
    var end: [UInt8] = []
    if let place {
      end = [UInt8](repeating: 0, count: min(count, maxBytes))
      let from = place.offset + count - end.count
      let taken = end.withUnsafeMutableBytes { OpenFile.read(place.file.descriptor.number, into: $0, at: from) }
      end.removeLast(end.count - max(0, taken))
    } else {
      end = withMemory { Array($0.suffix(maxBytes)) }
    }
    let lines = end.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    return lines.last.map(Array.init)
  }

  private func check(_ code: Int32) throws(AdvisorError) {
    guard code == 0 else { throw SpoolFile.failure(Errno(code)) }
  }
}

/// Takes what a task writes, as it comes.
protocol OutputSink: AnyObject {
  var count: Int { get }

  /// - Throws: `AdvisorError` (cannotWrite) where it cannot be kept.
  func append(_ bytes: UnsafeRawBufferPointer) throws(AdvisorError)

  /// Takes what a pipe holds, at most `most` bytes. Returns how many there were; nil where it has to be read and appended.
  func take(_ most: Int, from pipe: Int32) throws(AdvisorError) -> Int?
}

extension OutputSink {
  func append(_ bytes: [UInt8]) throws(AdvisorError) {
    let result = bytes.withUnsafeBytes { bytes in Result { () throws(AdvisorError) in try append(bytes) } }
    try result.get()
  }

  func take(_ most: Int, from pipe: Int32) -> Int? { nil }
}

extension CapturedOutput: OutputSink {}
