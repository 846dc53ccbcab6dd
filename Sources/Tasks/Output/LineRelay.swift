internal import AdvisorCore

/// Hands on a task's output line by line, each line as soon as it is whole.
package final class LineRelay: OutputSink {
  /// A longer line is handed on in pieces.
  static let longestLine = 1 << 20

  private(set) var count = 0
  private let writer: OutputWriter
  private let stream: OutputWriter.Stream
  private let tag: [UInt8]
  private var rest: [UInt8] = []

  init(_ writer: OutputWriter, _ stream: OutputWriter.Stream, tag: [UInt8]?) {
    self.writer = writer
    self.stream = stream
    self.tag = tag ?? []
  }

  func append(_ bytes: UnsafeRawBufferPointer) {
    count += bytes.count
    rest.append(contentsOf: bytes)
    if let last = bytes.lastIndex(of: UInt8(ascii: "\n")) {
      hand(on: rest.count - bytes.count + last + 1)
    } else if rest.count > Self.longestLine {
      hand(on: rest.count)
    }
  }

  /// Hands on the last line, which need not have an end.
  func finish() {
    guard !rest.isEmpty else { return }
    hand(on: rest.count)
  }

  private func hand(on count: Int) {
    var atLineStart = true
    let lines = OutputWriter.tagged(rest[..<count], with: tag, &atLineStart)
    rest.removeSubrange(..<count)
    writer.write(lines, to: stream)
  }
}
