/// Results as people read them in a terminal of 80 columns: one function a result.
public enum TextReport {
  public static let width = 80

  /// Breaks a sentence at spaces; the first line starts with `lead`, the others are indented as far.
  public static func wrap(_ text: String, lead: String) -> String {
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
