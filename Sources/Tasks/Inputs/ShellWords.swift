/// The words of a line as a POSIX shell takes it apart: `'…'`, `"…"`, `\x`, and `$'…'` as `ShellQuoting` writes it.
enum ShellWords {
  static func split(_ line: ArraySlice<UInt8>) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8]?
    var rest = line
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        if let done = word { words.append(done) }
        word = nil
      case UInt8(ascii: "'"): word = (word ?? []) + takeQuoted(&rest, until: byte, escapes: [])
      case UInt8(ascii: "\""): word = (word ?? []) + takeQuoted(&rest, until: byte, escapes: Array("\\\"$`".utf8))
      case UInt8(ascii: "$") where rest.first == UInt8(ascii: "'"):
        rest.removeFirst()
        word = (word ?? []) + takeEscaped(&rest)
      case UInt8(ascii: "\\"): word = (word ?? []) + (rest.popFirst().map { [$0] } ?? [])
      default: word = (word ?? []) + [byte]
      }
    }
    if let word { words.append(word) }
    return words
  }

  private static func takeQuoted(_ rest: inout ArraySlice<UInt8>, until end: UInt8, escapes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    while let byte = rest.popFirst(), byte != end {
      if byte == UInt8(ascii: "\\"), let next = rest.first, escapes.contains(next) {
        text.append(next)
        rest.removeFirst()
      } else {
        text.append(byte)
      }
    }
    return text
  }

  /// What stands in `$'…'`, until its end.
  private static func takeEscaped(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    while let byte = rest.popFirst(), byte != UInt8(ascii: "'") {
      guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
        text.append(byte)
        continue
      }
      switch next {
      case UInt8(ascii: "n"): text.append(10)
      case UInt8(ascii: "t"): text.append(9)
      case UInt8(ascii: "r"): text.append(13)
      case UInt8(ascii: "0")...UInt8(ascii: "7"):
        var value = Int(next) - 48
        for _ in 0..<2 {
          guard let digit = rest.first, (48...55).contains(digit) else { break }
          value = 8 * value + Int(digit) - 48
          rest.removeFirst()
        }
        text.append(UInt8(truncatingIfNeeded: value))
      default: text.append(next)
      }
    }
    return text
  }
}
