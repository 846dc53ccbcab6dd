public import AdvisorCore

extension LoadHistory {
  /// Reads a history: a column of dates or of numbers, and one of loads.
  ///
  /// The columns are those named `date`, `time`, `timestamp`, `day` or `t`, and `load`, `value`,
  /// `requests` or `y`; with other names, the first column and the only other one with numbers.
  /// - Parameter series: of several in the file the one to read, by a column's name or by what its rows say; several where
  ///   rows are told apart by several columns.
  /// - Throws: `badData`, naming the line, for what is not such a file, and for several series where none is chosen.
  public init(csv bytes: [UInt8], file: String, series: [String] = []) throws(AdvisorError) {
    let empty = try CSV(bytes, file: file)
    guard empty.header.count >= 2 else {
      throw AdvisorError(
        .badData, "\(file) has one column, '\(empty.header[0].excerpt)'",
        advice: "give a column of dates and one of loads")
    }
    let columns = try LoadColumns(empty, series)
    var csv = empty
    var points: [Point] = []
    var times: TimeColumn?
    while let row = try csv.nextRow() {
      guard columns.chooses(row) else { continue }
      if times == nil { times = try TimeColumn(csv, row, columns.time) }
      guard let column = times else { continue }
      points.append(Point(time: try column.time(csv, row), load: try csv.number(row, columns.load)))
    }
    if points.isEmpty, !columns.choices.isEmpty { throw try columns.nothingChosen(empty) }
    try columns.requireOneSeries(empty, points)
    try self.init(points, hasDates: times?.hasDates ?? false)
  }
}

/// Which column of a table holds the times, which the loads, and which rows are meant.
private struct LoadColumns {
  let time: Int
  let load: Int
  /// What some cell of each row says that is meant.
  let choices: [Substring]

  init(_ table: CSV, _ series: [String]) throws(AdvisorError) {
    let header = table.header
    let time = header.firstIndex { ["date", "datetime", "time", "timestamp", "day", "t"].contains($0) } ?? 0
    let named = series.first { header.contains($0.lowercased()) }
    self.time = time
    choices = series.filter { $0 != named }.map { $0[...] }
    if let named, let index = header.firstIndex(of: named.lowercased()) {
      load = index
    } else {
      load = try Self.load(table, time)
    }
  }

  func chooses(_ row: [Substring]) -> Bool {
    choices.allSatisfy { choice in row.indices.contains { $0 != time && $0 != load && row[$0] == choice } }
  }

  /// The only column that says it holds loads, else the only one with numbers.
  private static func load(_ table: CSV, _ time: Int) throws(AdvisorError) -> Int {
    let others = table.header.indices.filter { $0 != time }
    var candidates = others.filter { ["load", "value", "requests", "y"].contains(table.header[$0]) }
    if candidates.isEmpty {
      var rows = table
      let first = try rows.nextRow() ?? []
      candidates = first.isEmpty ? [] : others.filter { Double(first[$0]) != nil }
    }
    guard candidates.count <= 1 else {
      let names = candidates.map { table.header[$0].excerpt }.joined(separator: ", ")
      throw AdvisorError(
        .badData, "\(table.file) has several columns of loads: \(names)",
        advice: "choose one, such as --series \(table.header[candidates[0]].excerpt)")
    }
    return candidates.first ?? others[0]
  }
}

extension LoadColumns {
  /// Rows of other series, by the column that tells them apart.
  private struct Others {
    var name: String
    /// In order of their first row.
    var values: [Substring]
  }

  /// Equal times with other loads are several series, as is a column that names them.
  func requireOneSeries(_ table: CSV, _ points: [LoadHistory.Point]) throws(AdvisorError) {
    let conflicts = Self.conflicts(points)
    if let others = try others(table, conflicts: conflicts > 0) {
      throw AdvisorError(
        .badData,
        "\(table.file) holds several series, told apart by column '\(others.name.excerpt)': \(Self.list(others.values))",
        advice: "choose one, such as --series \(others.values[0].excerpt)")
    }
    // A clock that is set back repeats an hour a year.
    guard conflicts * 100 > points.count else { return }
    throw AdvisorError(
      .badData, "\(table.file) has \(conflicts) of \(points.count) times twice, with other loads: several series?",
      advice: "keep one series, or add a column that names them and choose with --series NAME")
  }

  func nothingChosen(_ table: CSV) throws(AdvisorError) -> AdvisorError {
    let all = LoadColumns(time: time, load: load, choices: [])
    let known =
      try all.others(table, conflicts: true).map { ": column '\($0.name.excerpt)' has \(Self.list($0.values))" } ?? ""
    return AdvisorError(
      .badData, "\(table.file) has no series \(choices.map(\.excerpt).joined(separator: " with "))\(known)",
      advice: "name a column of loads, or what a column of names says")
  }

  private init(time: Int, load: Int, choices: [Substring]) {
    (self.time, self.load, self.choices) = (time, load, choices)
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
  private func others(_ table: CSV, conflicts: Bool) throws(AdvisorError) -> Others? {
    for column in table.header.indices where column != time && column != load {
      guard conflicts || Self.labels.contains(table.header[column]) else { continue }
      var rows = table
      var values: [Substring] = []
      var seen: [Substring: Set<Substring>] = [:]
      var isLabel = true
      while let row = try rows.nextRow() {
        guard chooses(row) else { continue }
        if seen[row[column]] == nil { values.append(row[column]) }
        isLabel = seen[row[column], default: []].insert(row[time]).inserted && isLabel
      }
      if isLabel || Self.labels.contains(table.header[column]), values.count > 1 {
        return Others(name: table.header[column], values: values)
      }
    }
    return nil
  }

  private static let labels: Set<String> = [
    "series", "metric", "name", "host", "hostname", "instance", "server", "service",
  ]

  private static func list(_ values: [Substring]) -> String {
    values.prefix(5).map(\.excerpt).joined(separator: ", ") + (values.count > 5 ? ", and \(values.count - 5) more" : "")
  }
}
