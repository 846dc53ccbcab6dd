public import AdvisorCore
public import Documents

extension LoadHistory {
  /// Reads a history: a column of dates or of numbers, and one of loads.
  ///
  /// Columns are known by their names; with other names, the first one with dates holds the times, and the only other one
  /// with numbers the loads.
  /// - Parameter series: of several in the file the one to read, by a column's name or by what its rows say; several where
  ///   rows are told apart by several columns.
  /// - Parameter columns: `time` and `value`.
  /// - Parameter dates: nil to let the rows decide.
  /// - Throws: `badData`, naming the cells, for what is not such a file, and for several series where none is chosen.
  public init(
    _ table: DataTable, series: [String] = [], columns choice: ColumnChoice = ColumnChoice(), dates: DateOrder? = nil
  ) throws(AdvisorError) {
    guard table.columns.count >= 2 else {
      throw AdvisorError(
        .badData, "\(table.file) has one column, \(table.name(0))",
        advice: "give a column of dates and one of loads")
    }
    let columns = try LoadColumns(table, series, choice)
    let rows = columns.chosenRows
    if rows.isEmpty, !columns.choices.isEmpty { throw columns.nothingChosen }
    var faults = TableFaults(table)
    let times = try TimeColumn(table, columns.time, rows: rows, order: dates, faults: &faults)
    let loads = table.numbers(columns.load, rows: rows, faults: &faults)
    try faults.check(forms: [columns.time: TimeColumn.forms, columns.load: DataTable.numberForms])
    let points = zip(times.times, loads.values).compactMap { time, load in
      time.flatMap { time in load.map { Point(time: time, load: $0) } }
    }
    try columns.requireOneSeries(points)
    try self.init(points, hasDates: times.hasDates, unit: loads.unit)
    input = TableInput(
      file: table.file, rows: points.count, column: table.columns[columns.load],
      series: columns.choices.map { String($0) },
      gaps: max(rows.count - points.count, missing), step: hasDates ? step : nil, span: hasDates ? span : nil,
      stepUnit: hasDates ? LoadForecast.StepUnit(self) : nil)
  }

  /// - Parameter file: the path that the user typed.
  public init(csv bytes: [UInt8], file: String, series: [String] = []) throws(AdvisorError) {
    try self.init(DataTable(bytes, file: file), series: series)
  }

  /// Times at the usual pace that have no point; none where too many are missing for a pace.
  private var missing: Int {
    let steps = pace.steps(to: last) - pace.steps(to: points.first?.time ?? 0)
    guard steps < 1e7 else { return 0 }
    let count = max(0, Int(steps.rounded()) + 1 - Set(points.map(\.time)).count)
    return count * 2 < points.count ? count : 0
  }
}

/// Which column of a table holds the times, which the loads, and which rows are meant.
private struct LoadColumns {
  let table: DataTable
  let time: Int
  let load: Int
  /// What some cell of each row says that is meant.
  let choices: [Substring]

  init(_ table: DataTable, _ series: [String], _ choice: ColumnChoice) throws(AdvisorError) {
    self.table = table
    let dated = table.columns.indices.filter { column in
      table.rows.first { !Cell.isGap($0.cells[column]) }.map { TimeColumn.isDate($0.cells[column]) } ?? false
    }
    let named = try table.column("time", choice, synonyms: Self.timeNames)
    time = choice.names["time"] != nil ? named ?? 0 : dated.first { $0 == named } ?? dated.first ?? named ?? 0
    let column = series.lazy.compactMap { [time] name in Self.column(table, name, time).map { (name, $0) } }.first
    choices = series.filter { $0 != column?.0 }.map { $0[...] }
    if let value = try table.column("value", choice, synonyms: []) {
      load = value
    } else if let column {
      load = column.1
    } else {
      load = try Self.load(table, time)
    }
  }

  private static let timeNames = [
    "date", "datetime", "date time", "time", "timestamp", "ts", "day", "t", "ds", "month", "week", "quarter", "year",
    "hour", "period", "when", "epoch", "data.time", "unix", "date utc", "time utc",
  ]

  /// A column by its name, or by the only one that has this label: `http_requests{job="api"}`.
  private static func column(_ table: DataTable, _ name: String, _ time: Int) -> Int? {
    if let place = table.columns.firstIndex(where: { $0.lowercased() == name.lowercased() }) { return place }
    let labelled = table.columns.indices.filter { $0 != time && table.columns[$0].contains(name) }
    let isLabel = labelled.count == 1 && table.columns[labelled[0]].contains { $0 == "{" || $0 == ":" || $0 == "=" }
    return isLabel ? labelled[0] : nil
  }

  var chosenRows: [Int] { table.rows.indices.filter { chooses(table.rows[$0].cells) } }

  private func chooses(_ cells: [Substring]) -> Bool {
    choices.allSatisfy { choice in
      cells.indices.contains { place in
        place != time && place != load
          && (cells[place] == choice || cells[place].contains("=") && cells[place].contains(choice))
      }
    }
  }

  /// The only column that says it holds loads, else the only one with numbers.
  private static func load(_ table: DataTable, _ time: Int) throws(AdvisorError) -> Int {
    let others = table.columns.indices.filter { $0 != time && !labels.contains(DataTable.plain(table.columns[$0])) }
    var candidates = others.filter { ["load", "value", "requests", "y"].contains(DataTable.plain(table.columns[$0])) }
    if candidates.isEmpty { candidates = others.filter(table.hasNumbers) }
    guard candidates.count <= 1 else {
      throw AdvisorError(
        .badData, "\(table.file) has several columns of loads: \(table.names(candidates))",
        advice: "choose one, such as --series \(table.columns[candidates[0]].shellWord)")
    }
    return candidates.first ?? others.first ?? (time == 0 ? 1 : 0)
  }
}

extension LoadColumns {
  /// Rows of other series, by the column that tells them apart.
  private struct Others {
    var column: Int
    /// In order of their first row.
    var values: [Substring]
  }

  /// Equal times with other loads are several series, as is a column that names them.
  func requireOneSeries(_ points: [LoadHistory.Point]) throws(AdvisorError) {
    let conflicts = Self.conflicts(points)
    if let others = others(conflicts: conflicts > 0) {
      throw AdvisorError(
        .badData,
        "\(table.file) holds several series, told apart by column \(table.name(others.column)): \(Self.list(others.values))",
        advice: "choose one, such as --series \(String(others.values[0]).shellWord)")
    }
    // A clock that is set back repeats an hour a year.
    guard conflicts * 100 > points.count else { return }
    throw AdvisorError(
      .badData, "\(table.file) has \(conflicts) of \(points.count) times twice, with other loads: several series?",
      advice: "keep one series, or add a column that names them and choose with --series NAME")
  }

  var nothingChosen: AdvisorError {
    let all = LoadColumns(table, time: time, load: load)
    let known =
      all.others(conflicts: true).map { ": column \(table.name($0.column)) has \(Self.list($0.values))" } ?? ""
    return AdvisorError(
      .badData, "\(table.file) has no series \(choices.map(\.excerpt).joined(separator: " with "))\(known)",
      advice:
        "name a column of loads, or what a column of names says; the columns are \(table.names(table.columns.indices))")
  }

  private init(_ table: DataTable, time: Int, load: Int) {
    (self.table, self.time, self.load, choices) = (table, time, load, [])
  }

  /// Points whose time another one has with another load.
  private static func conflicts(_ points: [LoadHistory.Point]) -> Int {
    var loads: [Double: Double] = [:]
    return points.count { point in
      let first = loads[point.time]
      if first == nil { loads[point.time] = point.load }
      return first.map { $0 != point.load } ?? false
    }
  }

  /// The column that tells series apart: named for it, or with every time but once for each of its values.
  private func others(conflicts: Bool) -> Others? {
    let rows = chosenRows
    for column in table.columns.indices where column != time && column != load {
      let isNamed = Self.labels.contains(DataTable.plain(table.columns[column]))
      guard conflicts || isNamed else { continue }
      var values: [Substring] = []
      var seen: [Substring: Set<Substring>] = [:]
      var isLabel = true
      for cells in rows.lazy.map({ table.rows[$0].cells }) {
        if seen[cells[column]] == nil { values.append(cells[column]) }
        isLabel = seen[cells[column], default: []].insert(cells[time]).inserted && isLabel
      }
      if isLabel || isNamed, values.count > 1 { return Others(column: column, values: values) }
    }
    return nil
  }

  private static let labels: Set<String> = [
    "series", "metric", "name", "host", "hostname", "instance", "server", "service", "device", "dev", "label", "labels",
    "metric name",
  ]

  private static func list(_ values: [Substring]) -> String {
    values.prefix(5).map(\.excerpt).joined(separator: ", ") + (values.count > 5 ? ", and \(values.count - 5) more" : "")
  }
}

extension String {
  /// The word as a shell takes it.
  fileprivate var shellWord: String {
    allSatisfy { $0.isLetter || $0.isNumber || "._-/%+".contains($0) } ? excerpt : "'\(excerpt)'"
  }
}
