internal import AdvisorCore
internal import System

/// Writes what tasks have written, each in one piece: as they end, or in the order of their numbers.
package final class OutputWriter {
  enum Stream { case output, error }

  struct Piece {
    var tag: [UInt8]?
    var output: CapturedOutput
    var error: CapturedOutput
    /// False for what goes elsewhere when its turn has come.
    var isShown = true
  }

  private struct Entry {
    var piece: Piece?
    var written: () throws(AdvisorError) -> Void

    var outputs: [CapturedOutput] { piece.map { [$0.output, $0.error] } ?? [] }
  }

  /// More outputs than that do not wait for an earlier task: no further one starts meanwhile.
  static let maxWaiting = 10_000
  /// Tasks that have written nothing.
  static let maxSilent = 1_000_000

  private let output: Int32
  private let error: Int32
  private let keepsOrder: Bool
  private var waiting: [Int: Entry] = [:]
  private var silent: Set<Int> = []
  private var next = 1
  private let spool: OutputSpool
  /// For what tasks write until it is written.
  let memory = OutputMemory()
  /// Why no more can be written, an errno: EPIPE where nobody reads any more.
  private(set) var fault: Int32?
  /// Time that writing has taken: a slow reader makes it long.
  private(set) var blockedSeconds = 0.0
  /// Called before anything is written to stderr or a terminal: what else stands there has to make room.
  var willWrite: () -> Void = {}
  private let isTerminal: Bool

  /// - Parameter spoolLimit: bytes that wait in files for an earlier task; nil is half of what is free there.
  package init(
    output: Int32 = StandardStream.output, error: Int32 = StandardStream.error, keepsOrder: Bool, spoolLimit: Int? = nil
  ) {
    spool = OutputSpool(limit: spoolLimit)
    isTerminal = StandardStream.isTerminal(output)
    self.output = output
    self.error = error
    self.keepsOrder = keepsOrder
  }

  /// Whether too much waits for an earlier task.
  var isFull: Bool { waiting.count >= Self.maxWaiting || silent.count >= Self.maxSilent || spool.isFull }

  /// - Parameters:
  ///   - piece: nil for a task that has nothing to say.
  ///   - written: called once the piece has been written; never where it could not be.
  /// - Throws: what `written` does, of this task or of those that have waited for it.
  func add(
    _ piece: Piece?, of sequence: Int, written: @escaping () throws(AdvisorError) -> Void = {}
  ) throws(AdvisorError) {
    let entry = Entry(piece: piece, written: written)
    guard keepsOrder else { return try write(entry) }
    guard sequence == next else { return try keep(entry, of: sequence) }
    try write(entry)
    next += 1
    while true {
      if let first = waiting.removeValue(forKey: next) {
        try release(first)
      } else if silent.remove(next) == nil {
        return
      }
      next += 1
    }
  }

  private func keep(_ entry: Entry, of sequence: Int) throws(AdvisorError) {
    guard entry.piece != nil else {
      silent.insert(sequence)
      return try write(entry)
    }
    for output in entry.outputs { try spool.keep(output) }
    waiting[sequence] = entry
  }

  /// Writes what still waits, in order, though tasks between have never ended.
  func finish() throws(AdvisorError) {
    for sequence in waiting.keys.sorted() {
      if let entry = waiting.removeValue(forKey: sequence) { try release(entry) }
    }
  }

  private func release(_ entry: Entry) throws(AdvisorError) {
    try write(entry)
    entry.outputs.forEach(spool.release)
  }

  private func write(_ entry: Entry) throws(AdvisorError) {
    if let piece = entry.piece, piece.isShown {
      write(piece.output, to: output, piece.tag)
      write(piece.error, to: error, piece.tag)
    }
    if fault == nil { try entry.written() }
  }

  private func write(_ captured: CapturedOutput, to descriptor: Int32, _ tag: [UInt8]?) {
    guard captured.count > 0, fault == nil else { return }
    if isTerminal || descriptor == error { willWrite() }
    var atLineStart = true
    let copied = tag == nil ? copy(captured, to: descriptor) : 0
    captured.forEachPiece(after: copied) { bytes in
      let code: Int32
      if let tag {
        code = Self.tagged(bytes, with: tag, &atLineStart).withUnsafeBytes { write($0, to: descriptor) }
      } else {
        code = write(bytes, to: descriptor)
      }
      // Nobody reads stderr: no reason to stop.
      if code != 0, descriptor == output { fault = code }
      return code == 0
    }
  }

  private func copy(_ captured: CapturedOutput, to descriptor: Int32) -> Int {
    let start = MonotonicClock.seconds
    defer { blockedSeconds += MonotonicClock.seconds - start }
    return captured.copy(to: descriptor)
  }

  /// Writes lines that do not wait for their task's end.
  func write(_ lines: [UInt8], to stream: Stream) {
    guard fault == nil else { return }
    if isTerminal || stream == .error { willWrite() }
    let code = lines.withUnsafeBytes { write($0, to: stream == .output ? output : error) }
    if code != 0, stream == .output { fault = code }
  }

  /// Writes all of the bytes. Returns 0 or the errno.
  private func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    let start = MonotonicClock.seconds
    defer { blockedSeconds += MonotonicClock.seconds - start }
    return FileWriting.writeAll(bytes, to: descriptor)
  }

  static func tagged(_ bytes: some Sequence<UInt8>, with tag: [UInt8], _ atLineStart: inout Bool) -> [UInt8] {
    var result: [UInt8] = []
    for byte in bytes {
      if atLineStart { result += tag }
      result.append(byte)
      atLineStart = byte == UInt8(ascii: "\n")
    }
    return result
  }
}
