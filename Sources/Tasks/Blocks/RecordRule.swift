public import AdvisorCore
private import func Glibc.memchr

/// Where records end, and how many of them make a block.
public struct RecordRule: Sendable, Hashable {
  /// What a record ends with.
  public var end = Array("\n".utf8)
  /// What the next one begins with: a record ends only where this follows.
  public var start: [UInt8] = []
  /// Records in a block; nil cuts by bytes.
  public var records: Int?
  /// Lines at the very beginning that each block begins with.
  public var headerLines = 0

  public init() {}

  /// Reads `:`, a number of lines, or the pattern `.*\n` once or several times, as GNU parallel takes them.
  ///
  /// - Throws: `AdvisorError` (usage) for any other pattern.
  public static func headerLines(_ text: String) throws(AdvisorError) -> Int {
    if text == ":" { return 1 }
    if let count = Int(text), count >= 0 { return count }
    let line = ".*\\n"
    let (count, rest) = (text.count / line.count, text.replacing(line, with: ""))
    guard count > 0, rest.isEmpty else {
      throw AdvisorError(
        .usage, "--header \(text.quoted) is no number of lines", advice: "write : or 1 for one line, 2 for two")
    }
    return count
  }

  func validate() throws(AdvisorError) {
    guard !(end.isEmpty && start.isEmpty), records.map({ $0 > 0 }) ?? true else {
      throw AdvisorError(
        .usage, "nothing says where a record ends, or a block has none",
        advice: "give --recend or --recstart a text, and -N a number of 1 or more")
    }
  }

  /// The first place at or after another one where a record ends and, where ``start`` is set, the next begins.
  ///
  /// - Parameter recordStart: where the record begins, of which its end is a part.
  func boundary(in bytes: UnsafeRawBufferPointer, from place: Int, recordStart: Int = 0) -> Int? {
    var from = max(0, recordStart, place - end.count)
    let pattern = end + start
    guard let first = pattern.first, let base = bytes.baseAddress else { return nil }
    while from + pattern.count <= bytes.count {
      guard let found = memchr(base + from, Int32(first), bytes.count - pattern.count - from + 1) else { return nil }
      from = UnsafeRawPointer(found) - base
      if pattern.count == 1 || bytes[from..<(from + pattern.count)].elementsEqual(pattern) { return from + end.count }
      from += 1
    }
    return nil
  }
}

/// Looks for the end of a block in bytes that come piece by piece; places are counted from the start of all input.
struct BlockCutter {
  private let rule: RecordRule
  /// The first place where the block can end, as far as is known.
  private var least: Int
  private var recordStart: Int
  private var records = 0

  /// - Parameters:
  ///   - start: where the block begins.
  ///   - minBytes: it ends with the record that reaches this size, unless the rule counts records.
  init(_ rule: RecordRule, from start: Int, minBytes: Int) {
    self.rule = rule
    recordStart = start
    least = start + max(1, rule.records == nil ? minBytes : 1)
  }

  /// The header's end, in lines.
  init(headerOf rule: RecordRule) {
    var lines = RecordRule()
    lines.records = rule.headerLines
    self.init(lines, from: 0, minBytes: 1)
  }

  /// The first byte that is still needed.
  var firstNeeded: Int { max(0, least - rule.end.count) }

  /// Where the block ends; nil where that takes more bytes.
  ///
  /// - Parameter offset: the place of the first of the bytes, at most ``firstNeeded``.
  mutating func end(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int? {
    while let place = rule.boundary(in: bytes, from: least - offset, recordStart: recordStart - offset) {
      records += 1
      if records >= rule.records ?? 1 { return offset + place }
      recordStart = offset + place
      least = recordStart + 1
    }
    least = max(least, offset + bytes.count - rule.start.count + 1)
    return nil
  }
}
