/// What stands between the fields of a table, and which of its lines are none of it.
struct TableDialect {
  enum Separator: Equatable {
    case character(UInt8)
    /// Any number of blanks, as programs line up their columns.
    case blanks
  }

  let separator: Separator

  init(_ separator: Separator) { self.separator = separator }

  /// The separator that gives the most lines the same number of fields.
  init(of lines: [ArraySlice<UInt8>]) {
    let sample = lines.lazy.filter { !Self.isAside($0) && !Self.isBlank($0) }.prefix(200)
    var best = (separator: Separator.character(UInt8(ascii: ",")), share: 0.0)
    for separator in Self.separators {
      let counts = sample.map { TableDialect(separator).fields($0).count }
      let usual = Dictionary(grouping: counts.filter { $0 > 1 }) { $0 }.map(\.value.count).max() ?? 0
      let share = Double(usual) / Double(max(counts.count, 1))
      // A date and its time of day have a blank between them too.
      if share > best.share + (separator == .blanks ? 0.2 : 0) { best = (separator, share) }
    }
    separator = best.separator
  }

  private static let separators: [Separator] =
    "\t;|,".utf8.map { .character($0) } + [.blanks]

  /// A reader of records; fields may have line ends between quotes.
  var records: CSVRecords {
    switch separator {
    case .character(let byte): CSVRecords(separator: byte)
    case .blanks: CSVRecords(separator: UInt8(ascii: "\t"))
    }
  }

  /// A line as `records` takes it.
  func prepared(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    switch separator {
    case .blanks: return Self.tabbed(line)[...]
    case .character(UInt8(ascii: "|")): return Self.withoutFrame(line)
    case .character: return line
    }
  }

  func fields(_ line: ArraySlice<UInt8>) -> [[UInt8]] {
    var records = records
    return records.add(prepared(line)) ?? []
  }

  /// Words between tabs; a date and its time of day are one.
  private static func tabbed(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var words: [ArraySlice<UInt8>] = []
    for word in line.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) {
      if let last = words.last, isJoined(last, word) {
        words[words.count - 1] = line[last.startIndex..<word.endIndex]
      } else {
        words.append(word)
      }
    }
    return Array(words.joined(separator: [UInt8(ascii: "\t")]))
  }

  private static func isJoined(_ word: ArraySlice<UInt8>, _ next: ArraySlice<UInt8>) -> Bool {
    guard word.first?.isDigit == true, word.last?.isDigit == true else { return false }
    let (hasColon, nextHasColon) = (word.contains(UInt8(ascii: ":")), next.contains(UInt8(ascii: ":")))
    if hasColon { return ["AM", "PM", "UTC"].contains { next.elementsEqual($0.utf8) } }
    let isDate = word.count >= 8 && word.contains { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") }
    return isDate && nextHasColon && next.first?.isDigit == true
  }

  /// A row without the bars around it, as Markdown and `psql` with a border draw them.
  private static func withoutFrame(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let bar = UInt8(ascii: "|")
    var line = line
    while let last = line.last, last == UInt8(ascii: " ") { line.removeLast() }
    while let first = line.first, first == UInt8(ascii: " ") { line.removeFirst() }
    return line.first == bar && line.last == bar && line.count > 1 ? line.dropFirst().dropLast() : line
  }

  static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
    line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
  }

  /// Whether a line is a comment, a rule under a heading, the count of rows below a table, or a spreadsheet's `sep=;`.
  static func isAside(_ line: ArraySlice<UInt8>) -> Bool {
    let text = line.drop { $0 == UInt8(ascii: " ") }
    guard let first = text.first else { return false }
    if first.isDigit { return text.contains(UInt8(ascii: "(")) && isCountOfRows(text) }
    if first == UInt8(ascii: "#") || text.starts(with: "//".utf8) { return true }
    if CSVRecords.declaredSeparator(text) != nil { return true }
    if first == UInt8(ascii: "(") { return isCountOfRows(text) }
    return text.contains(UInt8(ascii: "-")) && text.count > 2 && text.allSatisfy { "-+|=: \r".utf8.contains($0) }
      && text.filter { $0 == UInt8(ascii: "-") }.count > 1 && !text.contains(UInt8(ascii: ","))
  }

  /// `(5 rows)` of PostgreSQL, `5 rows in set (0.00 sec)` of MySQL.
  private static func isCountOfRows(_ text: ArraySlice<UInt8>) -> Bool {
    let words = text.split(separator: UInt8(ascii: " "))
    guard words.count == 2 || words.count > 3 && words[2].elementsEqual("in".utf8) else { return false }
    return words[0].contains(where: \.isDigit) && words[1].starts(with: "row".utf8)
  }
}
