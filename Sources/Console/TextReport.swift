/// Results as people read them in a terminal: one function a result.
public enum TextReport {
  /// Columns of a line of text: 80, fewer on a narrower terminal.
  public static let width = max(minWidth, min(80, Terminal.outputWidth ?? Terminal.width))
  /// Columns of a table; nil where no terminal cuts its lines.
  static let tableWidth = Terminal.outputWidth.map { max(minWidth, $0) - 2 }
  /// What is narrower is broken by the terminal.
  private static let minWidth = 40

  /// Breaks a sentence at spaces; the first line starts with `lead`, the others are indented as far.
  public static func wrap(_ text: String, lead: String, width: Int = TextReport.width) -> String {
    let indent = String(repeating: " ", count: lead.count)
    var lines: [String] = []
    var line = lead
    for word in text.split(separator: " ") {
      if line.count > indent.count, line.count + 1 + word.count > width {
        lines.append(line)
        line = indent
      }
      line += line.count == indent.count ? String(word) : " " + word
    }
    return (lines + [line]).joined(separator: "\n")
  }

  /// Breaks the lines that a terminal would break inside a word; what follows is indented as its line is.
  public static func fitted(_ text: String, to columns: Int) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return join(
      lines.map { line in
        guard line.count > columns else { return String(line) }
        var lead = String(line.prefix { $0 == " " })
        var rest = line.dropFirst(lead.count)
        if let mark = rest.first, "→•!".contains(mark), rest.dropFirst().first == " " {
          lead += "\(mark) "
          rest = rest.dropFirst(2)
        }
        return wrap(String(rest), lead: lead, width: columns)
      }, by: "\n")
  }

  public static func indent(_ text: String, by columns: Int = 2) -> String {
    let margin = String(repeating: " ", count: columns)
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return join(lines.map { $0.isEmpty ? "" : margin + String(Substring($0)) }, by: "\n")
  }

  /// What `joined(separator:)` does, without its search through every conformance of the program, which is a tenth of
  /// the time that a probe takes.
  public static func join(_ parts: [String], by separator: String) -> String {
    var joined = parts.first ?? ""
    for part in parts.dropFirst() { joined += separator + part }
    return joined
  }

  public static func list(_ title: String, _ sentences: [String], mark: String) -> String? {
    guard !sentences.isEmpty else { return nil }
    return ([title] + sentences.map { wrap($0, lead: "  \(mark) ") }).joined(separator: "\n")
  }
}
