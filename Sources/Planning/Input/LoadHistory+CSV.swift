public import AdvisorCore

extension LoadHistory {
  /// Reads a history: a column of dates or of numbers, and one of loads.
  ///
  /// The columns are those named `date`, `time`, `timestamp`, `day` or `t`, and `load`, `value`,
  /// `requests` or `y`; with other names, the first two columns.
  /// - Throws: `badData`, naming the line, for what is not such a file.
  public init(csv bytes: [UInt8], file: String) throws(AdvisorError) {
    var csv = try CSV(bytes, file: file)
    guard csv.header.count >= 2 else {
      throw AdvisorError(
        .badData, "\(file) has one column, '\(csv.header[0].excerpt)'",
        advice: "give a column of dates and one of loads")
    }
    let time = csv.header.firstIndex { ["date", "time", "timestamp", "day", "t"].contains($0) } ?? 0
    let load = csv.header.firstIndex { ["load", "value", "requests", "y"].contains($0) } ?? (time == 0 ? 1 : 0)
    var points: [Point] = []
    var hasDates = false
    while let row = try csv.nextRow() {
      if points.isEmpty { hasDates = CivilDate.days(row[time]) != nil && Double(row[time]) == nil }
      let when = hasDates ? try Self.days(csv, row, time) : try csv.number(row, time)
      points.append(Point(time: when, load: try csv.number(row, load)))
    }
    try self.init(points, hasDates: hasDates)
  }

  private static func days(_ csv: CSV, _ row: [Substring], _ column: Int) throws(AdvisorError) -> Double {
    guard let days = CivilDate.days(row[column]) else {
      throw AdvisorError(
        .badData, "\(csv.file), line \(csv.line): '\(row[column].excerpt)' is not a date",
        advice: "write all dates alike, such as 2026-03-05 or 2026-03-05T14:30:00Z")
    }
    return days
  }
}
