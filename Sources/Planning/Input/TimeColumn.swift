import AdvisorCore

/// How a column writes times; its first cell decides, and all others must agree.
struct TimeColumn {
  private enum Notation: Hashable {
    case number
    case date
    /// `20260305`, `202603051430`, `202603`.
    case digits
    /// Units in a day, since 1970.
    case unix(Double)
  }

  private let notation: Notation
  private let column: Int

  /// Whether times are days since 1970-01-01.
  var hasDates: Bool { notation != .number }

  /// - Parameter row: the first of the table, just read.
  /// - Throws: `badData` for a cell that is no time, or could be two.
  init(_ csv: CSV, _ row: [Substring], _ column: Int) throws(AdvisorError) {
    let cell = row[column]
    self.column = column
    if CivilDate.days(cell) != nil {
      notation = .date
    } else if CivilDate.days(digits: cell) != nil {
      notation = .digits
    } else if let number = Double(cell), number.isFinite, !Self.isAmbiguous(cell, in: csv.header[column]) {
      notation =
        Self.unixUnits.first { ($0.first..<$0.first * 2.6).contains(number) }.map { .unix($0.perDay) } ?? .number
    } else {
      throw Self.unreadable(csv, cell, column)
    }
  }

  /// The time in the row that was just read: days since 1970-01-01, or a plain number.
  ///
  /// - Throws: `badData` for a cell that is not written as the first one was.
  func time(_ csv: CSV, _ row: [Substring]) throws(AdvisorError) -> Double {
    let cell = row[column]
    let time: Double? =
      switch notation {
      case .number: Double(cell)
      case .date: CivilDate.days(cell)
      case .digits: CivilDate.days(digits: cell)
      case .unix(let perDay): Double(cell).map { $0 / perDay }
      }
    guard let time, time.isFinite else { throw Self.unreadable(csv, cell, column) }
    return time
  }

  /// From the first second of 2001-09-09 on, in seconds, ms, µs and ns; 2.6 times as much is in 2052.
  private static let unixUnits: [(first: Double, perDay: Double)] = [
    (1e9, 86_400), (1e12, 86_400e3), (1e15, 86_400e6), (1e18, 86_400e9),
  ]

  /// Whether a number may well be a date that is not read here: `2026.03`, the hours `2026030514`, a spreadsheet's day 46086
  /// in a column of dates.
  private static func isAmbiguous(_ cell: Substring, in name: String) -> Bool {
    if cell.count == 7, cell.dropFirst(4).first == "." {
      return CivilDate.days("\(cell.prefix(4))-\(cell.suffix(2))") != nil
    }
    if cell.count == 10, let hour = Int(cell.suffix(2)), hour < 24, CivilDate.days(digits: cell.dropLast(2)) != nil {
      return true
    }
    return (name.contains("date") || name.contains("timestamp")) && Double(cell).map { $0 < 1e9 && $0 > 20_000 } == true
  }

  private static func unreadable(_ csv: CSV, _ cell: Substring, _ column: Int) -> AdvisorError {
    AdvisorError(
      .badData,
      "\(csv.file), line \(csv.line): '\(cell.excerpt)' in column '\(csv.header[column].excerpt)' "
        + "is not a date in a known format",
      advice: "write all alike: 2026-03-05, 2026/03/05, 20260305 or 2026-03; with a time 2026-03-05 14:30 or "
        + "2026-03-05T14:30:00Z, +01 or +01:00 after it; Unix times in s, ms, µs or ns; or plain step numbers")
  }
}
