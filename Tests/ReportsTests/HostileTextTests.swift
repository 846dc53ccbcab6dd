import Console
@testable import Reports
import Testing

@Suite("Hostile texts in Markdown and for gnuplot")
struct HostileTextTests {
  @Test(
    "Markdown shows them as they stand",
    arguments: [
      ("<b>", "\\<b\\>"), ("<\u{338}b>", "\\<\u{338}b\\>"), ("\u{600}*x*", "\u{600}\\*x\\*"), ("a\r\n# b", "a  \\# b"),
      ("a|b |\u{301}", "a\\|b \\|\u{301}"),
    ])
  func markdown(text: String, markup: String) {
    let table = Table([.init("a")], rows: [[text]])
    let document = ReportDocument(
      title: "t", subtitle: "s", sections: [.init(title: "a", exhibits: [.init(caption: "a", table: table)])])
    let lines = MarkdownReport(document, attachment: "{}").text.split(separator: "\n")
    let cell = lines.last { $0.hasPrefix("| ") }.map { $0.dropFirst(2).dropLast(2) }
    #expect(cell.map { $0.utf8.elementsEqual(markup.utf8) } == true, "\(cell ?? "")")
  }

  /// What gnuplot reads between single quotes ends at the next one, unless that is doubled, at the line's end and at NUL (its
  /// manual, “Quote marks”); everything behind it would be commands.
  @Test(
    "Gnuplot reads no command in them",
    arguments: [
      ("it's", "it''s"), ("' ; system \"id\" #", "'' ; system \"id\" #"),
      ("\u{600}' ; !id", "\u{600}'' ; !id"), ("'\u{301}", "''\u{301}"), ("a\r\n!id", "a !id"), ("a\n!id", "a !id"),
      ("a\0b", "a b"),
    ])
  func quoted(text: String, quoted: String) {
    let bars = Plot(
      xLabel: "", yLabel: text, xAxis: .names, series: [.init(text, .bars, [.init(x: 0, y: 1, name: text)])])
    let curve = Plot(xLabel: text, yLabel: text, series: [.init(text, .line, [.init(x: 0, y: 1), .init(x: 1, y: 2)])])
    for (plot, parts) in [
      (bars, ["set xlabel '\(quoted)' noenhanced", "set ytics ('\(quoted)' 0.0) noenhanced\n"]),
      (
        curve,
        ["set xlabel '\(quoted)' noenhanced", "set ylabel '\(quoted)' noenhanced", "set label '\(quoted)' noenhanced"]
      ),
    ] {
      let script = GnuplotScript(plot).text
      for part in parts { #expect(hasBytes(of: part, script), "\(part)") }
    }
  }

  @Test(
    "No quote is left in what shows under the pointer", arguments: ["\"x", "\u{600}\"x", "'\u{301}x", "\\x", "x\r\n"])
  func hints(name: String) {
    let plot = Plot(
      xLabel: "", yLabel: "y", xAxis: .names, series: [.init("s", .bars, [.init(x: 0, y: 1, name: name)])])
    let script = GnuplotScript(plot).text.unicodeScalars
    let hints = script.split(separator: "\n").map { String($0) }.filter { $0.contains(": y 1\"") }
    #expect(hints.count == 1)
    #expect(hints.allSatisfy { $0.unicodeScalars.count { $0 == "\"" } == 2 && !$0.unicodeScalars.contains("\\") })
    #expect(hints.allSatisfy { !$0.unicodeScalars.contains("'") && $0.hasSuffix("y 1\"") })
  }

  private func hasBytes(of part: String, _ text: String) -> Bool {
    Array(text.utf8).firstRange(of: Array(part.utf8)) != nil
  }
}
