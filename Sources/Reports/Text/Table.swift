private import TextTable

// Inside `Table`, `Column` is ours.
private typealias LibraryColumn = Column

/// A table of texts for a terminal or a Markdown page.
public struct Table: Sendable {
  public enum Alignment: Sendable { case left, right }

  public struct Column: Sendable {
    let title: String
    let alignment: Alignment

    public init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  let columns: [Column]
  let rows: [[String]]

  /// - Parameter rows: one text per column; missing ones are blank.
  public init(_ columns: [Column], rows: [[String]]) {
    self.columns = columns
    self.rows = rows
  }

  /// Aligned columns under a ruled header.
  public var text: String { render(Style.simple) }

  /// A pipe table, as code hosts show it.
  public var markdown: String { render(Style.pipe) }

  private func render(_ style: any TextTableStyle.Type) -> String {
    let table = TextTable<[String]> { row in
      columns.indices.map { index in
        LibraryColumn(
          title: columns[index].title, value: index < row.count ? row[index] : "",
          align: columns[index].alignment == .left ? .left : .right)
      }
    }
    let lines = table.string(for: rows.isEmpty ? [[]] : rows, style: style) ?? ""
    return lines.split(separator: "\n").map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return String(line)
    }.joined(separator: "\n")
  }
}
