private import AdvisorCore

/// Where the figures of a table begin, and what their columns are called.
struct TableHeading {
  /// Nil where the first line has figures already.
  let names: [String]?
  /// The first row with figures.
  let firstRow: Int
  /// The day that a line above the names gives.
  let day: Double?

  init(_ records: TableRecords) {
    let rows = records.rows
    guard !rows.isEmpty else {
      (names, firstRow, day) = (records.comment?.map(String.init), 0, nil)
      return
    }
    let count = records.usualCount
    let typical =
      rows[rows.count / 2].cells.count == count ? rows[rows.count / 2] : rows.last { $0.cells.count == count }
    let figures = Set((typical?.cells ?? []).enumerated().filter { Self.isFigure($0.element) }.map(\.offset))
    let isData = { (row: DataTable.Row) in
      row.cells.count == count && figures.allSatisfy { Self.isFigure(row.cells[$0]) || Cell.isGap(row.cells[$0]) }
        && figures.contains { Self.isFigure(row.cells[$0]) }
    }
    var first = figures.isEmpty ? min(1, rows.count) : rows.firstIndex(where: isData) ?? min(1, rows.count)
    // A row with a figure is no heading, whatever else is wrong with it.
    while first > 0, !Self.isHeading(rows[first - 1], figures) { first -= 1 }
    firstRow = first
    let titles = rows.prefix(first).map(\.cells)
    names =
      first > 0
      ? Self.names(titles[first - 1]) : records.comment.map(Self.names)
    day =
      titles.dropLast().flatMap(\.self).lazy.flatMap { $0.split(separator: " ") + [$0] }
      .compactMap { DateText.days($0, order: .monthFirst) ?? nil }.first
  }

  /// Whether a row has the names again, as programs print them that run for long.
  func repeats(_ row: DataTable.Row) -> Bool {
    guard let names, names.count > 1, row.cells.count == names.count else { return false }
    return zip(row.cells, names).dropFirst().allSatisfy { $0 == $1[...] } && !names.dropFirst().allSatisfy(\.isEmpty)
  }

  /// A time of day stands before the names of `sar` and `pidstat`.
  private static func names(_ cells: [Substring]) -> [String] {
    cells.enumerated().map { $0.offset == 0 && isFigure($0.element) ? "time" : String($0.element) }
  }

  private static func isHeading(_ row: DataTable.Row, _ figures: Set<Int>) -> Bool {
    let own = row.cells.indices.filter { isFigure(row.cells[$0]) }
    return own.isEmpty
      || own == [0] && figures.count > 1 && DateText.clock(row.cells[0]) != nil && row.cells.count > 1
        && !Cell.isGap(row.cells[1])
      || row.cells.count == 1
      || figures.isDisjoint(with: own) && row.cells.count > 1
  }

  /// Whether a cell has a number or a time.
  static func isFigure(_ cell: Substring) -> Bool {
    guard let first = cell.utf8.first, first < 0x80 ? first.isDigit || "+-.$(Q".utf8.contains(first) : true else {
      return DateText.days(cell, order: .dayFirst) != nil
    }
    if let number = Double(cell) { return number.isFinite }
    return NumberText(.point).read(cell) != nil || NumberText(.comma).read(cell) != nil
      || DateText.days(cell, order: .dayFirst) != nil || DateText.days(cell, order: .monthFirst) != nil
      || DateText.clock(cell) != nil
  }
}

/// What a cell says that holds no figure.
package enum Cell {
  private static let gaps: Set = [
    "", "-", "–", "—", "--", "nan", "null", "none", "nil", "na", "n/a", "#n/a", "\\n", "undefined", "missing", "?", ".",
    "inf", "+inf", "-inf", "infinity", "-nan",
  ]

  /// Whether it says that there is none.
  package static func isGap(_ cell: Substring) -> Bool {
    guard let first = cell.utf8.first else { return true }
    return !first.isDigit && cell.utf8.count < 10 && gaps.contains(cell.lowercased())
  }
}
