public import AdvisorCore

/// A table of figures as people and programs write it, read whole.
///
/// Text with commas, semicolons, tabs, bars or blanks between its fields, in UTF-8 or UTF-16, with comments, titles and
/// rules, with a line of names or without; or the JSON of a monitoring system; or what load generators print.
public struct DataTable: Sendable {
  package struct Row: Sendable {
    /// Where it begins in the file, from 1.
    package let line: Int
    package let cells: [Substring]
  }

  /// The path that the user typed, for error messages.
  public let file: String
  /// As they are written; numbers from 1 where the file has no names.
  package let columns: [String]
  package let hasHeader: Bool
  package let rows: [Row]
  /// The day that a title names, in days since 1970-01-01, where rows have but a time of day.
  let day: Double?
  /// How to read a number that may be written either way.
  let mark: NumberText.Mark
  /// Lines that do not fit the others.
  let misfits: [TableFaults.Fault]

  /// - Throws: `badData` for a file that is empty, or no table.
  public init(_ bytes: [UInt8], file: String) throws(AdvisorError) {
    let text = TableText.utf8(bytes)
    guard !text.contains(0) else {
      throw AdvisorError(.badData, "\(file) is not text", advice: "name a table: CSV, JSON, or what a tool printed")
    }
    if let first = text.first(where: { !$0.isBlank }), first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      if let table = try DataTable(json: text, file: file) {
        self = table
        return
      }
    }
    let lines = TableText.lines(text)
    if let report = LoadGeneratorReport(lines) {
      self.init(report.columns, report.rows, file: file)
    } else {
      try self.init(lines: lines, file: file)
    }
  }

  /// A table that is no text of lines.
  init(_ columns: [String], _ rows: [Row], file: String) {
    (self.file, self.columns, self.rows, hasHeader) = (file, columns, rows, true)
    (day, mark, misfits) = (nil, .point, [])
  }

  private init(lines: [ArraySlice<UInt8>], file: String) throws(AdvisorError) {
    let declared = lines.lazy.compactMap(CSVRecords.declaredSeparator).first
    let dialect = declared.map { TableDialect(.character($0)) } ?? TableDialect(of: lines)
    let records = try TableRecords(lines, dialect, file: file)
    let heading = TableHeading(records)
    let names = heading.names
    self.file = file
    hasHeader = names != nil
    let count = names?.count ?? records.usualCount
    columns = names ?? (1...max(count, 1)).map(String.init)
    var (rows, misfits): ([Row], [TableFaults.Fault]) = ([], [])
    for row in records.rows[heading.firstRow...] where !heading.repeats(row) && !Self.isSummary(row) {
      // An empty field after the last separator is none.
      let extra = row.cells.suffix(max(0, row.cells.count - count)).allSatisfy(\.isEmpty)
      if row.cells.count == count || row.cells.count > count && extra {
        rows.append(extra ? Row(line: row.line, cells: Array(row.cells.prefix(count))) : row)
      } else {
        misfits.append(.fields(line: row.line, count: row.cells.count, expected: count, hasHeader: names != nil))
      }
    }
    guard names != nil || !rows.isEmpty else { throw Self.empty(file) }
    (self.rows, self.misfits, day) = (rows, misfits, heading.day)
    let sample = rows.prefix(1000).lazy.flatMap(\.cells)
    // Where commas separate, one inside a number groups its digits.
    let fallback: NumberText.Mark = dialect.separator == .character(UInt8(ascii: ",")) ? .point : .comma
    let hasComma = sample.contains { $0.utf8.contains(UInt8(ascii: ",")) }
    mark = NumberText(sample, fallback: hasComma ? fallback : .point).decimal
  }

  static func empty(_ file: String) -> AdvisorError {
    AdvisorError(.badData, "\(file) is empty", advice: "give a line of column names and a line for each measurement")
  }

  /// What programs add below a table.
  private static func isSummary(_ row: Row) -> Bool {
    guard let first = row.cells.first, first.utf8.first?.isDigit == false else { return false }
    return ["average:", "average", "total", "total:", "sum", "mean"].contains(first.lowercased())
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == 32 || (9...13).contains(self) }
}

/// The records of a text, split into cells without the blanks around them.
struct TableRecords {
  private(set) var rows: [DataTable.Row] = []
  /// The comment right before the first row, split as a row.
  private(set) var comment: [Substring]?
  /// Lines before the first row.
  private(set) var titles: [String] = []

  /// - Throws: `badData` for a quote that is not closed.
  init(_ lines: [ArraySlice<UInt8>], _ dialect: TableDialect, file: String) throws(AdvisorError) {
    var records = dialect.records
    var (start, lastComment): (Int, (line: Int, text: ArraySlice<UInt8>)?) = (0, nil)
    for (index, line) in lines.enumerated() {
      if !records.isInQuotes {
        start = index + 1
        if TableDialect.isAside(line) || TableDialect.isBlank(line) {
          if rows.isEmpty, line.first == UInt8(ascii: "#") { lastComment = (start, line) }
          continue
        }
      }
      guard let fields = records.add(dialect.prepared(line)) else { continue }
      let cells = fields.map { String(decoding: $0, as: UTF8.self).trimmingASCIISpace }
      if rows.isEmpty, let lastComment { comment = Self.cells(lastComment.text, dialect, count: cells.count) }
      rows.append(DataTable.Row(line: start, cells: cells))
    }
    guard !records.isInQuotes else {
      throw AdvisorError(
        .badData, "\(file), line \(start) opens a quote that nothing closes", advice: "close it, or double it")
    }
    titles = rows.prefix(3).map { $0.cells.joined(separator: " ") }
  }

  private static func cells(_ comment: ArraySlice<UInt8>, _ dialect: TableDialect, count: Int) -> [Substring]? {
    let text = comment.drop { $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: " ") }
    let cells = dialect.fields(text).map { String(decoding: $0, as: UTF8.self).trimmingASCIISpace }
    return cells.count == count ? cells : nil
  }

  /// Cells in most of the rows.
  var usualCount: Int {
    let counts = Dictionary(grouping: rows.prefix(1000).map(\.cells.count)) { $0 }.mapValues(\.count)
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
  }
}
