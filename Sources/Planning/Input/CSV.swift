public import AdvisorCore

/// Reads comma-separated values row by row (RFC 4180): quotes, both line ends, a byte order mark, and `;` or tab instead
/// of the comma where the header has them.
///
/// A reader of our own, since SwiftCSV 0.10 needs all of Foundation, keeps no line numbers for error messages, and
/// builds every field of a file in memory before the first row can be looked at.
public struct CSV: Sendable {
  /// As given by the user, for error messages.
  public let file: String
  /// Lower case, without surrounding space.
  public private(set) var header: [String] = []
  /// Of the row that was read last; the header is line 1.
  public private(set) var line = 0
  private let bytes: [UInt8]
  private var position: Int
  private var nextLine = 1
  private let separator: UInt8

  /// - Throws: `badData` for a file without a header.
  public init(_ bytes: [UInt8], file: String) throws(AdvisorError) {
    self.bytes = bytes
    self.file = file
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let firstLine = bytes[position...].prefix { $0 != UInt8(ascii: "\n") }
    separator = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].first(where: firstLine.contains) ?? 44
    guard let names = try nextRow(), names.contains(where: { !$0.isEmpty }) else {
      throw AdvisorError(.badData, "\(file) is empty", advice: "give a header line and a line for each measurement")
    }
    header = names.map { $0.lowercased() }
  }

  /// The place of the column by any of these names.
  ///
  /// - Throws: `badData` when the header has none of them.
  public func column(_ names: String...) throws(AdvisorError) -> Int {
    for name in names { if let index = header.firstIndex(of: name) { return index } }
    throw AdvisorError(
      .badData,
      "\(file) has no column '\(names.joined(separator: "' or '"))'; its header says: \(header.joined(separator: ", "))",
      advice: "name the column in the first line")
  }

  /// The fields of the next row, without surrounding space; nil at the end. Blank lines are passed over.
  ///
  /// - Throws: `badData` for a quote that is not closed, or a row that has not a field for each column.
  public mutating func nextRow() throws(AdvisorError) -> [Substring]? {
    while position < bytes.endIndex {
      line = nextLine
      let fields = try readRow()
      if fields.count == 1, fields[0].isEmpty { continue }
      guard header.isEmpty || fields.count == header.count else {
        throw AdvisorError(
          .badData, "\(file), line \(line) has \(fields.count) fields where the header has \(header.count)",
          advice: "give one value a column")
      }
      return fields
    }
    return nil
  }

  /// A number in the row that was read last.
  ///
  /// - Throws: `badData` naming line, column and text when the field is not a finite number.
  public func number(_ row: [Substring], _ column: Int) throws(AdvisorError) -> Double {
    guard let number = Double(row[column]), number.isFinite else {
      throw AdvisorError(
        .badData, "\(file), line \(line): '\(row[column])' in column '\(header[column])' is not a number",
        advice: "write plain numbers such as 1250.5 or 1.2e3")
    }
    return number
  }

  private mutating func readRow() throws(AdvisorError) -> [Substring] {
    var fields: [Substring] = []
    var field: [UInt8] = []
    var isQuoted = false
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\n") { nextLine += 1 }
      switch byte {
      case UInt8(ascii: "\"") where isQuoted:
        // A doubled quote stands for itself.
        if position < bytes.endIndex, bytes[position] == byte {
          field.append(byte)
          position += 1
        } else {
          isQuoted = false
        }
      case UInt8(ascii: "\"") where field.isEmpty: isQuoted = true
      case separator where !isQuoted:
        fields.append(text(field))
        field.removeAll(keepingCapacity: true)
      case UInt8(ascii: "\n") where !isQuoted: return fields + [text(field)]
      default: field.append(byte)
      }
    }
    guard !isQuoted else {
      throw AdvisorError(
        .badData, "\(file), line \(line) opens a quote that nothing closes", advice: "close it, or double it")
    }
    return fields + [text(field)]
  }

  private func text(_ field: [UInt8]) -> Substring { String(decoding: field, as: UTF8.self).trimmingASCIISpace }
}
