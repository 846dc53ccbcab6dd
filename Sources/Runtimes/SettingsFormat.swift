import AdvisorCore

/// How settings are written for what reads them.
public enum SettingsFormat: String, Sendable, CaseIterable {
  case sh, fish, json, dockerfile, github, systemd

  /// One line a variable that changes; JSON is written elsewhere, from the settings themselves.
  public func text(of settings: RuntimeSettings) -> String {
    settings.changes.map { line($0.name, $0.value) }.joined(separator: "\n")
  }

  private func line(_ name: String, _ value: String) -> String {
    switch self {
    case .sh: "export \(name)=\(Self.quotedForShell(value))"
    case .fish: "set -gx \(name) \(Self.quotedForShell(value, escaping: ["\\", "'"]))"
    case .dockerfile: "ENV \(name)=\"\(Self.escaped(value, ["\\", "\"", "$"]))\""
    case .systemd:
      "Environment=\"\(name)=\(Self.escaped(value, ["\\", "\""]).split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%"))\""
    case .github, .json: "\(name)=\(value)"
    }
  }

  /// Single quotes where a shell would see more than a word. In fish a backslash escapes inside them, too.
  private static func quotedForShell(_ value: String, escaping: Set<Character> = []) -> String {
    let isPlain = value.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_=:,./+@%".utf8.contains(byte)
      }
    }
    guard !isPlain else { return value }
    if escaping.isEmpty {
      return "'\(value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
    }
    return "'\(escaped(value, escaping))'"
  }

  private static func escaped(_ value: String, _ characters: Set<Character>) -> String {
    value.reduce(into: "") { text, character in
      if characters.contains(character) { text.append("\\") }
      text.append(character)
    }
  }
}
