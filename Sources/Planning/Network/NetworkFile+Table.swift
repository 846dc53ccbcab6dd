public import AdvisorCore
public import Documents

extension QueueingNetwork {
  /// Reads a network from a table, as a spreadsheet has it: a row for each station, with its `servers` and in a column for each
  /// class what a request needs there; and the rows `arrival rate`, `users` and `think time`, which say what each class is.
  ///
  /// - Throws: `badData` naming the file for what is not such a table.
  public init(_ table: DataTable) throws(AdvisorError) {
    guard let name = table.column(named: ["station", "name"]) else {
      throw AdvisorError(
        .badData, "\(table.file) has no column “station”; it has \(table.names(table.columns.indices))",
        advice: "name the columns station, servers and one for each class in the first line")
    }
    try TableFaults(table).check(forms: [:])
    let servers = table.column(named: ["servers", "server"])
    let columns = table.columns.indices.filter { $0 != name && $0 != servers }
    let cell = { (row: DataTable.Row, column: Int) in
      Cell.isGap(row.cells[column]) ? nil : Typed(row.cells[column])
    }
    let rows = Dictionary(grouping: table.rows) { ClassRow(DataTable.plain(String($0.cells[name]))) }
    let stations = (rows[nil] ?? []).map { row in
      WrittenStation(
        name: String(row.cells[name]), servers: servers.flatMap { cell(row, $0) },
        demands: Dictionary(
          columns.compactMap { column in cell(row, column).map { (table.columns[column], $0) } },
          uniquingKeysWith: { first, _ in first }))
    }
    let classes = columns.map { column in
      let value = { (kind: ClassRow) in rows[kind]?.first.flatMap { cell($0, column) } }
      return WrittenClass(
        name: table.columns[column], arrivalRate: value(.arrivalRate), users: value(.users)?.whole,
        thinkTime: value(.thinkTime))
    }
    try self.init(WrittenNetwork(stations: stations, classes: classes), file: table.file)
  }
}

/// A row that says something of the classes, not of a station.
private enum ClassRow: Hashable {
  case arrivalRate, users, thinkTime

  init?(_ name: String) {
    switch name {
    case "arrival rate", "arrivalrate": self = .arrivalRate
    case "users": self = .users
    case "think time", "thinktime": self = .thinkTime
    default: return nil
    }
  }
}

extension Typed {
  fileprivate init(_ cell: Substring) {
    self = Double(cell).map { .number($0) } ?? .text(String(cell))
  }

  /// Nil for what is no whole number.
  fileprivate var whole: Int? {
    if case .number(let number) = self { Int(exactly: number) } else { nil }
  }
}
