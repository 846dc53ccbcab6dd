public import AdvisorCore

/// Which columns a user has named for what: `time=ts,value="req/s"`.
public struct ColumnChoice: Sendable {
  /// Names of columns, or their numbers from 1, by what they hold.
  package private(set) var names: [String: String] = [:]

  public init() {}

  /// - Throws: `usage` for a text of another form, or a part that is none of `parts`.
  public init(_ text: String, parts: [String]) throws(AdvisorError) {
    for piece in Self.pieces(text) {
      let halves = piece.split(separator: "=", maxSplits: 1).map(\.trimmingASCIISpace)
      guard halves.count == 2, parts.contains(halves[0].lowercased()) else {
        throw AdvisorError(
          .usage, "--columns: “\(piece.excerpt)” does not say which column holds what",
          advice: "write \(parts.map { "\($0)=NAME" }.joined(separator: ",")), with the names or numbers of columns")
      }
      names[halves[0].lowercased()] = halves[1].filter { $0 != "\"" }
    }
  }

  /// The pieces between commas that stand outside of quotes.
  private static func pieces(_ text: String) -> [Substring] {
    var isQuoted = false
    return text.split { character in
      if character == "\"" { isQuoted.toggle() }
      return character == "," && !isQuoted
    }
  }
}

extension DataTable {
  /// Reads a file, or standard input where the path is `-`.
  public static func read(_ path: String) throws(AdvisorError) -> DataTable {
    let isStandardInput = path == "-"
    let bytes = try JSONDocument.contents(of: isStandardInput ? "/dev/stdin" : path)
    return try DataTable([UInt8](bytes), file: isStandardInput ? "standard input" : path)
  }

  /// The column that a user has named for something, or the first that has one of the names for it.
  ///
  /// - Throws: `badData` where a column that was named is not there.
  package func column(_ part: String, _ choice: ColumnChoice, synonyms: [String]) throws(AdvisorError) -> Int? {
    guard let name = choice.names[part] else { return hasHeader ? column(named: synonyms) : nil }
    if let place = place(of: name) { return place }
    throw AdvisorError(
      .badData, "\(file) has no column “\(name.excerpt)”; it has \(names(columns.indices))",
      advice: "name one of them, or its number from 1")
  }
}
