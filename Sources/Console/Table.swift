import AdvisorCore

/// A table of texts for a terminal or a Markdown page.
public struct Table: Sendable {
  public enum Alignment: Sendable { case left, right }

  public struct Column: Sendable {
    public let title: String
    public let alignment: Alignment
    /// Whether it is left out where a terminal is too narrow for all.
    public let isMinor: Bool

    public init(_ title: String, _ alignment: Alignment = .left, isMinor: Bool = false) {
      (self.title, self.alignment, self.isMinor) = (title, alignment, isMinor)
    }
  }

  public let columns: [Column]
  public let rows: [[String]]
  /// Width of each column, in characters.
  let widths: [Int]

  /// - Parameter rows: one text per column; missing ones are blank.
  public init(_ columns: [Column], rows: [[String]]) {
    self.columns = columns
    self.rows = rows
    widths = columns.indices.map { index in
      rows.reduce(columns[index].title.count) { max($0, index < $1.count ? $1[index].count : 0) }
    }
  }

  /// Aligned columns under a ruled header, made to fit the terminal that they are read on.
  public var text: String { TextReport.tableWidth.map { fitted(to: $0).aligned } ?? aligned }

  private var aligned: String {
    let rule = widths.map { String(repeating: "-", count: $0) }
    let lines = ([columns.map(\.title), rule] + rows).map { row in
      var line = TextReport.join(cells(row), by: " ")
      while line.last == " " { line.removeLast() }
      return line
    }
    return TextReport.join(lines, by: "\n")
  }

  /// A pipe table, as code hosts show it.
  public var markdown: String {
    let rule = columns.indices.map { index in
      let dashes = String(repeating: "-", count: max(2, widths[index]) - 1)
      return columns[index].alignment == .left ? ":" + dashes : dashes + ":"
    }
    let escaped = rows.map { $0.map { $0.replacing(["|": "\\|"]) } }
    return ([cells(columns.map(\.title)), rule] + escaped.map(cells))
      .map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  /// The row's texts, each padded to its column.
  private func cells(_ row: [String]) -> [String] {
    columns.indices.map { index in
      let text = index < row.count ? row[index] : ""
      let padding = String(repeating: " ", count: max(0, widths[index] - text.count))
      return columns[index].alignment == .left ? text + padding : padding + text
    }
  }
}
