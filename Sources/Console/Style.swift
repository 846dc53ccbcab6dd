private import System

/// Emphasis for people who look; plain text for files, pipes and `NO_COLOR` (https://no-color.org).
public enum Style {
  /// For diagnostics on stderr.
  public static func bold(_ text: String) -> String { wrap(text, "1", descriptor: StandardStream.error) }

  /// For the headings of what goes to stdout.
  public static func heading(_ text: String) -> String { wrap(text, "1", descriptor: StandardStream.output) }

  private static func wrap(_ text: String, _ code: String, descriptor: Int32) -> String {
    isShown(on: descriptor) ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  private static func isShown(on descriptor: Int32) -> Bool {
    guard StandardStream.isTerminal(descriptor) else { return false }
    return variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
  }

  private static func variable(_ name: String) -> String { Environment.value(name) ?? "" }
}
