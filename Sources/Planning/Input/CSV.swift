public import AdvisorCore
import Documents

/// Reads a table of figures row by row from comma-separated values.
public struct CSV: Sendable {
  /// The path that the user typed, for error messages.
  public let file: String
  /// Lower case, without surrounding space.
  public private(set) var header: [String] = []
  /// The line of the row that was read last; the header is line 1.
  public private(set) var line = 0
  private let bytes: [UInt8]
  private var records = CSVRecords()
  private var position = 0
  private var nextLine = 1

  /// - Throws: `badData` for a file without a header.
  public init(_ bytes: [UInt8], file: String) throws(AdvisorError) {
    self.bytes = bytes
    self.file = file
    guard let names = try nextRow(), names.contains(where: { !$0.isEmpty }) else {
      throw AdvisorError(.badData, "\(file) is empty", advice: "give a header line and a line for each measurement")
    }
    guard !names.allSatisfy({ Double($0) != nil || CivilDate.days($0) != nil }) else {
      throw AdvisorError(
        .badData, "\(file) has no header: its first line is \(names.prefix(20).map(\.excerpt).joined(separator: ", "))",
        advice: "name the columns in the first line")
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
      "\(file) has no column '\(names.joined(separator: "' or '"))'; its header says: \(header.prefix(20).map(\.excerpt).joined(separator: ", "))",
      advice: "name the column in the first line")
  }

  /// The fields of the next row, without surrounding space; nil at the end. Blank lines are passed over.
  ///
  /// - Throws: `badData` for a quote that is not closed, or a row that has not a field for each column.
  public mutating func nextRow() throws(AdvisorError) -> [Substring]? {
    while position < bytes.endIndex {
      if !records.isInQuotes { line = nextLine }
      nextLine += 1
      let text = bytes[position...].prefix { $0 != UInt8(ascii: "\n") }
      position = text.endIndex + 1
      guard let fields = records.add(text) else { continue }
      guard header.isEmpty || fields.count == header.count else {
        throw AdvisorError(
          .badData, "\(file), line \(line) has \(fields.count) fields where the header has \(header.count)",
          advice: "give one value a column")
      }
      return fields.map { String(decoding: $0, as: UTF8.self).trimmingASCIISpace }
    }
    guard !records.isInQuotes else {
      throw AdvisorError(
        .badData, "\(file), line \(line) opens a quote that nothing closes", advice: "close it, or double it")
    }
    return nil
  }

  /// A number in the row that was read last.
  ///
  /// - Throws: `badData` naming line, column and text when the field is not a finite number.
  public func number(_ row: [Substring], _ column: Int) throws(AdvisorError) -> Double {
    guard let number = Double(row[column]), number.isFinite else {
      throw AdvisorError(
        .badData,
        "\(file), line \(line): '\(row[column].excerpt)' in column '\(header[column].excerpt)' is not a number",
        advice: "write plain numbers such as 1250.5 or 1.2e3")
    }
    return number
  }
}
