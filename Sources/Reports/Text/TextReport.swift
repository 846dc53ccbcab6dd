/// Results as people read them in a terminal of 80 columns: one function a result.
public enum TextReport {
  static let width = 80

  /// Breaks a sentence at spaces; the first line starts with `lead`, the others are indented as far.
  static func wrap(_ text: String, lead: String) -> String {
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

  public static func indent(_ text: String, by columns: Int = 2) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : String(repeating: " ", count: columns) + $0 }.joined(separator: "\n")
  }

  static func list(_ title: String, _ sentences: [String], mark: String) -> String? {
    guard !sentences.isEmpty else { return nil }
    return ([title] + sentences.map { wrap($0, lead: "  \(mark) ") }).joined(separator: "\n")
  }
}
