import AdvisorCore
import Console

/// A report in Markdown as code hosts show it: figures become tables of their values.
public struct MarkdownReport: Sendable {
  public let text: String

  /// - Parameter attachment: the raw numbers, as JSON.
  public init(_ document: ReportDocument, attachment: String) {
    let main = document.sections.map { Self.section($0) }
    let appendix = document.appendix.map { Self.section($0, level: "###") }
    let raw = """
      ### Raw numbers

      <details><summary>All figures as JSON</summary>

      ```json
      \(attachment)
      ```

      </details>
      """
    text =
      (["# \(Self.escaped(document.title))", Self.escaped(document.subtitle)] + Self.opening(document) + main
      + ["## Appendix"] + appendix + [raw])
      .joined(separator: "\n\n") + "\n"
  }

  /// The command, the answer and the figures behind it.
  private static func opening(_ document: ReportDocument) -> [String] {
    let command = document.command.map { "    " + $0.replacing(["\n": " ", "\r": " "]) }
    let rows = (document.answer?.rows ?? []).map { row in
      "- **\(escaped(row.question)):** \(row.sentences.map(escaped).joined(separator: " "))"
    }
    let figures = document.keyFigures.map { "- **\(escaped($0.value))** \(escaped($0.label))" }
    return [
      command, document.answer.map { "## \(escaped($0.headline))" }, rows.isEmpty ? nil : rows.joined(separator: "\n"),
      figures.isEmpty ? nil : "### The figures behind it\n\n" + figures.joined(separator: "\n"),
    ].compactMap(\.self)
  }

  private static func section(_ section: ReportDocument.Section, level: String = "##") -> String {
    let figures = section.figures.map { figure in
      """
      **\(escaped(figure.title)).** \(escaped(figure.caption))

      <details><summary>Values</summary>

      \(table(figure.plot.table))

      </details>
      """
    }
    let points = section.points.map { "- \(escaped($0))" }.joined(separator: "\n")
    let parts =
      ["\(level) \(escaped(section.title))"] + section.sentences.map(escaped) + (points.isEmpty ? [] : [points])
      + section.drawing.map { "- **\(escaped($0.title))**: \(escaped($0.inside.joined(separator: "; ")))" }
      + section.exhibits.map { exhibit in
        (exhibit.caption == section.title ? "" : "**\(escaped(exhibit.caption))**\n\n") + table(exhibit.table)
      }
      + figures + section.missing.map { "> \(escaped($0))" }
    return parts.joined(separator: "\n\n")
  }

  private static func table(_ table: Table) -> String {
    Table(table.columns, rows: table.rows.map { $0.map(escaped) }).markdown
  }

  /// What Markdown or HTML would read as markup stands for itself.
  private static func escaped(_ text: String) -> String { text.replacing(escapes) }

  private static let escapes: [Unicode.Scalar: String] = [
    "\\": "\\\\", "`": "\\`", "*": "\\*", "_": "\\_", "[": "\\[", "]": "\\]", "<": "\\<", ">": "\\>", "#": "\\#",
    "\n": " ", "\r": " ",
  ]
}
