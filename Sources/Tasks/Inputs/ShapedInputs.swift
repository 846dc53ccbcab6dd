internal import AdvisorCore
private import System

/// The inputs of one source, trimmed, cut into columns, up to its end mark, and with the names that its first row gives.
final class ShapedInputs: NamedRows {
  private let source: any InputStream
  private let format: InputFormat
  private let pattern: RegularExpression?
  private(set) var names: [String] = []
  private(set) var columns: Int
  /// The first row, where it had to be looked at.
  private var first: [[UInt8]]?
  private var isAtEnd = false

  /// Reads the first row where its columns matter, and waits for it where it comes through a pipe.
  ///
  /// - Throws: `AdvisorError`: usage for what is no regular expression, badData for what cannot be read.
  init(_ source: any InputStream, _ format: InputFormat) throws(AdvisorError) {
    (self.source, self.format, columns) = (source, format, source.columns)
    pattern = try format.columnSeparator.map { text throws(AdvisorError) in
      guard let pattern = RegularExpression(text) else {
        throw AdvisorError(
          .usage, "--colsep \(text.quoted) is no regular expression",
          advice: "write , or ' +' or '\\t'; put a \\ before a character that is meant as it is")
      }
      return pattern
    }
    guard pattern != nil || format.header == .first, let row = try wait() else { return }
    columns = max(1, row.count)
    if format.header == .first { names = row.map { String(decoding: $0, as: UTF8.self) } } else { first = row }
  }

  var count: Int? { first == nil && names.isEmpty && pattern == nil && format.endMark == nil ? source.count : nil }
  var descriptor: Int32? { source.descriptor }
  func identity(of row: [[UInt8]]) -> [[UInt8]] { source.identity(of: row) }

  func nextRow() throws(AdvisorError) -> InputRow {
    if let row = first {
      first = nil
      return .inputs(row)
    }
    guard !isAtEnd else { return .end }
    let next = try source.nextRow()
    guard case .inputs(let row) = next else { return next }
    if let mark = format.endMark, row == [mark] {
      isAtEnd = true
      return .end
    }
    return .inputs(row.flatMap { split($0).map(trimmed) })
  }

  private func wait() throws(AdvisorError) -> [[UInt8]]? {
    while true {
      switch try nextRow() {
      case .inputs(let row): return row
      case .waiting: Poll.waitToRead(descriptor ?? -1)
      case .end: return nil
      }
    }
  }

  private func split(_ input: [UInt8]) -> [[UInt8]] {
    guard let pattern else { return [input] }
    var columns: [[UInt8]] = []
    var start = 0
    while let match = pattern.firstMatch(in: input, from: start) {
      columns.append(Array(input[start..<match.lowerBound]))
      start = match.upperBound
    }
    return columns + [Array(input[start...])]
  }

  private func trimmed(_ input: [UInt8]) -> [UInt8] {
    var input = input[...]
    let isBlank = { (byte: UInt8) in byte == 32 || (9...13).contains(byte) }
    if format.trim == .left || format.trim == .both { input = input.drop(while: isBlank) }
    if format.trim == .right || format.trim == .both { while input.last.map(isBlank) == true { input.removeLast() } }
    return Array(input)
  }
}
