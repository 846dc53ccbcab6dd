package import AdvisorCore

/// A column of times: one notation that all its cells have.
package struct TimeColumn {
  private enum Notation: Equatable {
    case number
    /// Units in a day, since 1970.
    case unix(Double)
    case digits
    case year
    case calendar(DateOrder)
    /// Times of a day that a title names.
    case clock(Double)
  }

  /// One a row; nil for a gap.
  package let times: [Double?]
  /// Whether times are days since 1970-01-01.
  package let hasDates: Bool

  package static let forms =
    "write all alike: 2026-03-05, 05.03.2026, 3/5/2026, 5 Mar 2026, 20260305, 2026-03, 2026-W10 or 2026-Q1; with a time "
    + "2026-03-05 14:30, 2:30 PM or 2026-03-05T14:30:00Z, +01 or +01:00 after it; Unix times in s, ms, µs or ns; or plain "
    + "step numbers"

  /// - Parameter rows: which rows count, by their place.
  /// - Parameter order: of day and month; nil to take the one that the rows speak for.
  /// - Throws: `badData` for dates that can be read two ways.
  package init(
    _ table: DataTable, _ column: Int, rows: [Int], order: DateOrder?, faults: inout TableFaults
  ) throws(AdvisorError) {
    let cells = rows.map { table.rows[$0].cells[column] }
    let notation = try Self.notation(table, column, cells.filter { !Cell.isGap($0) }, order)
    hasDates = notation != .number
    var times: [Double?] = []
    var wraps = 0.0
    for (index, cell) in zip(rows, cells) {
      guard !Cell.isGap(cell) else {
        times.append(nil)
        continue
      }
      guard var time = notation.flatMap({ Self.time(cell, $0) }), time.isFinite else {
        times.append(nil)
        faults.add(table.rows[index], column, isNot: "a time in a known form")
        continue
      }
      if case .clock = notation {
        if let last = times.lazy.compactMap(\.self).last, time + wraps < last - 0.5 { wraps += 1 }
        time += wraps
      }
      times.append(time)
    }
    self.times = times
  }

  /// Whether a cell is written as a date.
  package static func isDate(_ cell: Substring) -> Bool {
    Double(cell) == nil && DateOrder.allCases.contains { DateText.days(cell, order: $0) != nil }
  }

  private static func notation(
    _ table: DataTable, _ column: Int, _ cells: [Substring], _ order: DateOrder?
  ) throws(AdvisorError) -> Notation? {
    guard let first = cells.first(where: { isFigure($0) }) ?? cells.first else { return .number }
    let name = table.columns[column].lowercased()
    if DateText.days(digits: first) != nil, Double(first) != nil { return .digits }
    if let number = Double(first), number.isFinite {
      if isYear(name), cells.allSatisfy({ $0.utf8.count == 4 && (1500...2200).contains(Int($0) ?? 0) }) { return .year }
      if isAmbiguous(first, in: name) { return nil }
      return unixUnits.first { ($0.first..<$0.first * 2.6).contains(number) }.map { .unix($0.perDay) } ?? .number
    }
    if DateOrder.allCases.contains(where: { DateText.days(first, order: $0) != nil }) {
      if let order { return .calendar(order) }
      return .calendar(try self.order(table, column, cells))
    }
    guard DateText.clock(first) != nil else { return nil }
    guard let day = table.day else {
      throw AdvisorError(
        .badData,
        "\(table.file) has times of day without their dates in column \(table.name(column)): \(first.excerpt)",
        advice: "keep the title line that names the date, or write dates beside the times")
    }
    return .clock(day)
  }

  private static func isFigure(_ cell: Substring) -> Bool { cell.utf8.contains(where: \.isDigit) }

  private static func isYear(_ name: String) -> Bool { ["year", "date", "jahr"].contains { name.contains($0) } }

  private static func time(_ cell: Substring, _ notation: Notation) -> Double? {
    switch notation {
    case .number: Double(cell)
    case .unix(let perDay): Double(cell).map { $0 / perDay }
    case .digits: DateText.days(digits: cell)
    case .year: DateText.days(digits: "\(cell)0101")
    case .calendar(let order): DateText.days(cell, order: order)
    case .clock(let day): DateText.clock(cell).map { day + $0 }
    }
  }

  /// Which of two numbers is the day: the order in which every cell is a date, or else the one in which time only goes on.
  private static func order(
    _ table: DataTable, _ column: Int, _ cells: [Substring]
  ) throws(AdvisorError) -> DateOrder {
    let read = DateOrder.allCases.map { order in (order, cells.map { DateText.days($0, order: order) }) }
    let faults = read.map { $0.1.count { $0 == nil } }
    guard faults[0] == faults[1] else { return read[faults[0] < faults[1] ? 0 : 1].0 }
    guard read[0].1 != read[1].1 else { return .dayFirst }
    let ascends = read.map { _, days in
      let known = days.compactMap(\.self)
      return zip(known, known.dropFirst()).allSatisfy { $0 <= $1 }
    }
    guard ascends[0] == ascends[1] else { return read[ascends[0] ? 0 : 1].0 }
    let cell = cells.first { DateText.days($0, order: .dayFirst) != DateText.days($0, order: .monthFirst) } ?? ""
    throw AdvisorError(
      .badData,
      "\(table.file): “\(cell.excerpt)” in column \(table.name(column)) may be d/m/y or m/d/y, and so may all others",
      advice: "say which: --dates d/m/y or --dates m/d/y")
  }

  /// From the first second of 2001-09-09 on, in seconds, ms, µs and ns; 2.6 times as much is in 2052.
  private static let unixUnits: [(first: Double, perDay: Double)] = [
    (1e9, 86_400), (1e12, 86_400e3), (1e15, 86_400e6), (1e18, 86_400e9),
  ]

  /// Whether a number may well be a date that is not read here: `2026.03`, the hours `2026030514`, a spreadsheet's day 46086
  /// in a column of dates.
  private static func isAmbiguous(_ cell: Substring, in name: String) -> Bool {
    if cell.utf8.count == 7, cell.dropFirst(4).first == "." {
      return DateText.days("\(cell.prefix(4))-\(cell.suffix(2))", order: .dayFirst) != nil
    }
    if cell.utf8.count == 10, let hour = Int(cell.suffix(2)), hour < 24, DateText.days(digits: cell.dropLast(2)) != nil
    {
      return true
    }
    return (name.contains("date") || name.contains("timestamp")) && Double(cell).map { $0 < 1e9 && $0 > 20_000 } == true
  }
}
