import Glibc

/// Emphasis for people who look; plain text for files, pipes and `NO_COLOR` (https://no-color.org).
public enum Style {
  /// For diagnostics on stderr.
  public static func bold(_ text: String) -> String { wrap(text, "1", descriptor: STDERR_FILENO) }
  public static func dim(_ text: String) -> String { wrap(text, "2", descriptor: STDERR_FILENO) }

  /// For the headings of what goes to stdout.
  public static func heading(_ text: String) -> String { wrap(text, "1", descriptor: STDOUT_FILENO) }
  public static func good(_ text: String) -> String { wrap(text, "32", descriptor: STDOUT_FILENO) }

  private static func wrap(_ text: String, _ code: String, descriptor: Int32) -> String {
    isShown(on: descriptor) ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  private static func isShown(on descriptor: Int32) -> Bool {
    guard isatty(descriptor) == 1 else { return false }
    return variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
  }

  private static func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
}
