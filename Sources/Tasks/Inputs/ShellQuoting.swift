import AdvisorCore

/// Arguments as a POSIX shell would have to be told them, for people to read and to copy.
public enum ShellQuoting {
  /// Words joined by spaces; quoted where a shell would take them for something else.
  public static func text(_ arguments: [[UInt8]]) -> String {
    arguments.map { word($0) }.joined(separator: " ")
  }

  /// One word: `$'…'` where it holds control characters or is no UTF-8, `'…'` where it holds special ones.
  public static func word(_ argument: [UInt8]) -> String {
    guard !argument.isEmpty else { return "''" }
    let text = String(decoding: argument, as: UTF8.self)
    guard Array(text.utf8) == argument, !argument.contains(where: { $0 < 32 || $0 == 127 }) else {
      return "$'" + argument.map(escaped).joined() + "'"
    }
    guard !argument.allSatisfy(isPlain) else { return text }
    // Inside '…' nothing is special but the quote itself.
    return "'\(text.replacing(["'": "'\\''"]))'"
  }

  /// Words as they may have been typed; braces need no quotes.
  public static func typed(_ arguments: [[UInt8]]) -> String {
    arguments.map { argument in
      let text = String(decoding: argument, as: UTF8.self)
      let isPlain = !text.isEmpty && !text.contains { $0.isWhitespace || "'\"\\;|&<>()$`*?".contains($0) }
      return isPlain ? text.printable : word(argument)
    }.joined(separator: " ")
  }

  /// One word for any POSIX shell, byte for byte: always in `'…'`.
  static func literal(_ argument: [UInt8]) -> [UInt8] {
    let quote = UInt8(ascii: "'")
    var result = [quote]
    for byte in argument {
      if byte == quote { result += Array("'\\''".utf8) } else { result.append(byte) }
    }
    return result + [quote]
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
      true
    default: "_-+=./:,@%^".utf8.contains(byte)
    }
  }

  private static func escaped(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\n"): return "\\n"
    case UInt8(ascii: "\t"): return "\\t"
    case UInt8(ascii: "\r"): return "\\r"
    case UInt8(ascii: "\\"): return "\\\\"
    case UInt8(ascii: "'"): return "\\'"
    case 32..<127: return String(UnicodeScalar(byte))
    default:
      // Always three octal digits, so that a digit that follows is not taken in.
      let digits = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
  }
}
