/// Makes records of comma-separated values out of lines (RFC 4180): quotes, both line ends, a byte order mark, and `;` or
/// tab instead of the comma where the header has them outside of quotes, or where a line `sep=;` before it says so.
///
/// Between tabs a quote is a character like any other (IANA's text/tab-separated-values), unless the header starts with one, as
/// R's `write.table` has it.
///
/// A reader of our own, since SwiftCSV 0.10 needs all of Foundation, keeps no line numbers for error messages, and
/// builds every field of a file in memory before the first row can be looked at.
package struct CSVRecords: Sendable {
  private static let quote = UInt8(ascii: "\"")

  private static let separators = Array("\t,;".utf8)

  private var dialect: Dialect?
  private let isTabbed: Bool
  private var fields: [[UInt8]] = [[]]
  /// Whether the last line ended inside of quotes, so that the next one belongs to the same record.
  package private(set) var isInQuotes = false
  /// Bytes of the record that is not complete yet.
  package private(set) var count = 0

  /// - Parameter isTabbed: whether fields stand between tabs, without quotes, whatever the header looks like.
  package init(isTabbed: Bool = false) { self.isTabbed = isTabbed }

  /// Fields stand between these, whatever the header looks like; those with quotes may hold it.
  package init(separator: UInt8) {
    isTabbed = false
    dialect = Dialect(separator: separator, hasQuotes: true)
  }

  private struct Dialect {
    var separator: UInt8
    var hasQuotes: Bool
  }

  /// Adds a line, without its end.
  ///
  /// - Returns: the fields of the record where the line completes one; blank lines between records complete none.
  package mutating func add(_ line: ArraySlice<UInt8>) -> [[UInt8]]? {
    var line = line
    if dialect == nil, let separator = Self.declaredSeparator(line) {
      self.dialect = Dialect(separator: separator, hasQuotes: true)
      return nil
    }
    let dialect = dialect ?? self.dialect(of: &line)
    if isInQuotes {
      fields[fields.count - 1].append(UInt8(ascii: "\n"))
    } else {
      (fields, count) = ([[]], 0)
      if line.isEmpty || line.elementsEqual("\r".utf8) { return nil }
    }
    self.dialect = dialect
    count += line.count + 1
    split(line, dialect)
    if isInQuotes { return nil }
    // One between quotes belongs to the field.
    if line.last == UInt8(ascii: "\r") { fields[fields.count - 1].removeLast() }
    return fields
  }

  /// The separator that a spreadsheet's first line names: `sep=;`.
  package static func declaredSeparator(_ line: ArraySlice<UInt8>) -> UInt8? {
    let mark = Array("sep=".utf8)
    let text = line.drop { [0xEF, 0xBB, 0xBF].contains($0) }.filter { $0 != UInt8(ascii: "\r") && $0 != quote }
    return text.count == mark.count + 1 && text.starts(with: mark) ? text.last : nil
  }

  private func dialect(of header: inout ArraySlice<UInt8>) -> Dialect {
    if header.starts(with: [0xEF, 0xBB, 0xBF]) { header = header.dropFirst(3) }
    let tab = UInt8(ascii: "\t")
    if isTabbed { return Dialect(separator: tab, hasQuotes: false) }
    let separator = Self.separators.first(where: Self.unquoted(header).contains) ?? UInt8(ascii: ",")
    return Dialect(separator: separator, hasQuotes: separator != tab || header.first == Self.quote)
  }

  /// What of a header stands outside of quotes, which open where a field starts; a doubled one opens again what it has closed.
  private static func unquoted(_ header: ArraySlice<UInt8>) -> [UInt8] {
    var unquoted: [UInt8] = []
    var isInQuotes = false
    var canOpen = true
    for byte in header {
      if byte == quote, isInQuotes || canOpen {
        isInQuotes.toggle()
      } else if !isInQuotes {
        unquoted.append(byte)
        canOpen = separators.contains(byte)
      }
    }
    return unquoted
  }

  private mutating func split(_ line: ArraySlice<UInt8>, _ dialect: Dialect) {
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
      case Self.quote where dialect.hasQuotes && fields[fields.count - 1].isEmpty: isInQuotes = true
      case dialect.separator where !isInQuotes: fields.append([])
      default: fields[fields.count - 1].append(byte)
      }
    }
  }
}
