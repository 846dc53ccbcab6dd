package import AdvisorCore

/// What of a file could not be read: all of it is told at once.
package struct TableFaults {
  enum Fault: Hashable, Sendable {
    case fields(line: Int, count: Int, expected: Int, hasHeader: Bool)
    case cell(line: Int, column: Int, text: String, what: String)

    /// Nil for a line as a whole.
    var column: Int? { if case .cell(_, let column, _, _) = self { column } else { nil } }

    var line: Int {
      switch self {
      case .fields(let line, _, _, _), .cell(let line, _, _, _): line
      }
    }
  }

  private var faults: [Fault] = []
  private let table: DataTable

  package init(_ table: DataTable) {
    self.table = table
    faults = table.misfits
  }

  /// - Parameter what: what the cell is not, such as `a number`.
  package mutating func add(_ row: DataTable.Row, _ column: Int, isNot what: String) {
    faults.append(.cell(line: row.line, column: column, text: row.cells[column].excerpt, what: "is not \(what)"))
  }

  package mutating func add(_ row: DataTable.Row, _ column: Int, _ what: String) {
    faults.append(.cell(line: row.line, column: column, text: row.cells[column].excerpt, what: what))
  }

  /// - Parameter forms: how each column may be written, by its place.
  /// - Throws: `badData` that names the first of them with their places, where there is any.
  package func check(forms: [Int: String]) throws(AdvisorError) {
    guard !faults.isEmpty else { return }
    let columns = Set(faults.compactMap(\.column)).sorted()
    let known = columns.compactMap { forms[$0] }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let advice =
      known.isEmpty
      ? "give each row a value for each column, quoted where it holds the separator" : known.joined(separator: "; ")
    let sorted = faults.sorted { $0.line < $1.line }
    let first = sorted.prefix(5).map(text).joined(separator: "; ")
    let rest = faults.count > 5 ? "; and \(faults.count - 5) more" : ""
    throw AdvisorError(.badData, first + rest, advice: advice)
  }

  private func text(_ fault: Fault) -> String {
    switch fault {
    case .fields(let line, let count, let expected, let hasHeader):
      "\(table.file):\(line) has \(AdvisorCore.count(count, "field")) where the \(hasHeader ? "header has" : "others have") \(expected)"
    case .cell(let line, let column, let text, let what):
      "\(table.file):\(line):\(column + 1): “\(text)” in column \(table.name(column)) \(what)"
    }
  }
}

extension DataTable {
  /// How a message calls a column.
  package func name(_ column: Int) -> String { hasHeader ? columns[column].quoted : columns[column] }

  /// The names of some columns, for a message.
  package func names(_ columns: some Sequence<Int>) -> String {
    let all = Array(columns)
    return all.prefix(12).map(name).joined(separator: ", ") + (all.count > 12 ? ", and \(all.count - 12) more" : "")
  }
}
