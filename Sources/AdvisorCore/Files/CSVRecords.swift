/// Makes records of comma-separated values out of lines (RFC 4180): quotes, both line ends, a byte order mark, and `;` or
/// tab instead of the comma where the header has them.
///
/// A reader of our own, since SwiftCSV 0.10 needs all of Foundation, keeps no line numbers for error messages, and
/// builds every field of a file in memory before the first row can be looked at.
package struct CSVRecords: Sendable {
  private static let quote = UInt8(ascii: "\"")

  private var separator: UInt8?
  private var fields: [[UInt8]] = [[]]
  /// Whether the last line ended inside of quotes, so that the next one belongs to the same record.
  package private(set) var isInQuotes = false
  /// Bytes of the record that is not complete yet.
  package private(set) var count = 0

  package init() {}

  /// Adds a line, without its end.
  ///
  /// - Returns: the fields of the record where the line completes one; blank lines between records complete none.
  package mutating func add(_ line: ArraySlice<UInt8>) -> [[UInt8]]? {
    var line = line
    let separator = separator ?? Self.separator(of: &line)
    if isInQuotes {
      fields[fields.count - 1].append(UInt8(ascii: "\n"))
    } else {
      (fields, count) = ([[]], 0)
      if line.isEmpty || line.elementsEqual("\r".utf8) { return nil }
    }
    self.separator = separator
    count += line.count + 1
    split(line, at: separator)
    if isInQuotes { return nil }
    // One between quotes belongs to the field.
    if line.last == UInt8(ascii: "\r") { fields[fields.count - 1].removeLast() }
    return fields
  }

  private static func separator(of header: inout ArraySlice<UInt8>) -> UInt8 {
    if header.starts(with: [0xEF, 0xBB, 0xBF]) { header = header.dropFirst(3) }
    return ",;\t".utf8.first(where: header.contains) ?? UInt8(ascii: ",")
  }

  private mutating func split(_ line: ArraySlice<UInt8>, at separator: UInt8) {
    var position = line.startIndex
    while position < line.endIndex {
      let byte = line[position]
      position += 1
      switch byte {
      case Self.quote where isInQuotes:
        // A doubled quote stands for itself.
        let isDoubled = position < line.endIndex && line[position] == byte
        if isDoubled { fields[fields.count - 1].append(byte) }
        isInQuotes = isDoubled
        position += isDoubled ? 1 : 0
      case Self.quote where fields[fields.count - 1].isEmpty: isInQuotes = true
      case separator where !isInQuotes: fields.append([])
      default: fields[fields.count - 1].append(byte)
      }
    }
  }
}
