import AdvisorCore

/// How settings are written for what reads them.
public enum SettingsFormat: String, Sendable, CaseIterable {
  case sh, fish, json, dockerfile, github, systemd

  /// A variable each that changes, where the format can hold its value; JSON is written elsewhere, from the settings
  /// themselves.
  public func text(of settings: RuntimeSettings) -> String {
    settings.changes.filter(holds).map { line($0.name, $0.value) }.joined(separator: "\n")
  }

  /// Whether the value can be written at all: an instruction of a Dockerfile is one line, and knows no escape for its end.
  public func holds(_ variable: RuntimeSettings.Variable) -> Bool {
    self != .dockerfile || !Self.isBroken(variable.value)
  }

  private func line(_ name: String, _ value: String) -> String {
    switch self {
    case .sh: "export \(name)=\(Self.quotedForShell(value, ["'": "'\\''"]))"
    case .fish: "set -gx \(name) \(Self.quotedForShell(value, ["\\": "\\\\", "'": "\\'"]))"
    case .dockerfile: "ENV \(name)=\"\(value.replacing(["\\": "\\\\", "\"": "\\\"", "$": "\\$"]))\""
    case .systemd: "Environment=\"\(name)=\(value.replacing(Self.systemdEscapes))\""
    case .github: Self.isBroken(value) ? Self.hereDocument(name, value) : "\(name)=\(value)"
    case .json: "\(name)=\(value)"
    }
  }

  private static let systemdEscapes: [Unicode.Scalar: String] = [
    "\\": "\\\\", "\"": "\\\"", "%": "%%", "\n": "\\n", "\r": "\\r",
  ]

  private static func isBroken(_ value: String) -> Bool {
    value.unicodeScalars.contains { $0 == "\n" || $0 == "\r" }
  }

  /// GitHub's form for a value of several lines, which ends at a line that the value does not hold.
  private static func hereDocument(_ name: String, _ value: String) -> String {
    var end = "EOF"
    while value.contains(end) { end += "_" }
    return "\(name)<<\(end)\n\(value)\n\(end)"
  }

  /// Single quotes where a shell would see more than a word.
  private static func quotedForShell(_ value: String, _ escapes: [Unicode.Scalar: String]) -> String {
    let isPlain = value.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_=:,./+@%".utf8.contains(byte)
      }
    }
    return isPlain ? value : "'\(value.replacing(escapes))'"
  }
}
