internal import AdvisorCore

/// Where in a shell's line its text so far ends (POSIX, Shell Command Language, 2.2 and 2.6): a quoted input is one word only
/// where the shell expects one, and is read as code inside of other quotes.
struct ShellContext {
  private enum Place: Equatable {
    /// With the parentheses that are open there.
    case words(open: Int)
    case singleQuotes
    case doubleQuotes
    case backquotes
    case arithmetic(open: Int)
    case comment
    case hereDocument
  }

  private var places = [Place.words(open: 0)]
  private var isEscaped = false
  private var hasHereDocument = false
  /// The two bytes before the next one, and how often the last has come in a row.
  private var last: UInt8 = 32
  private var run = 0

  /// Refuses a line in which the shell would read an input as code.
  ///
  /// - Throws: `AdvisorError` (usage) with the reason.
  static func validate(_ pieces: [TemplatePiece]) throws(AdvisorError) {
    var context = ShellContext()
    for piece in pieces {
      if case .input = piece, let place = context.fault {
        throw AdvisorError(
          .usage, "an input \(place) would be read by the shell as code: --shell quotes inputs itself",
          advice: "put {} where a word of its own can stand, without quotes around it: wc -c {}")
      }
      if piece.isText { for byte in piece.text { context.read(byte) } } else { context.read(UInt8(ascii: "x")) }
    }
  }

  /// The words of a line, and as words of their own the blanks between them.
  static func words(of pieces: [TemplatePiece]) -> [[TemplatePiece]] {
    var context = ShellContext()
    var words: [[TemplatePiece]] = [[]]
    for piece in pieces {
      guard piece.isText else {
        words[words.count - 1].append(piece)
        context.read(UInt8(ascii: "x"))
        continue
      }
      for byte in piece.text {
        let isBlank = context.fault == nil && " \t\n;|&".utf8.contains(byte) && context.places == [.words(open: 0)]
        context.read(byte)
        if isBlank { words += [[.text([byte])], []] } else { words[words.count - 1].append(.text([byte])) }
      }
    }
    return words
  }

  /// Where an input would be no word of its own; nil where it is one.
  private var fault: String? {
    if isEscaped { return "behind a backslash" }
    switch places[places.count - 1] {
    case .words: return last == UInt8(ascii: "$") ? "behind a $" : nil
    case .singleQuotes, .doubleQuotes: return "inside quotes"
    case .backquotes: return "inside backquotes"
    case .arithmetic: return "inside $((…))"
    case .comment: return "inside a comment"
    case .hereDocument: return "inside a here-document"
    }
  }

  private mutating func read(_ byte: UInt8) {
    defer {
      run = byte == last ? run + 1 : 1
      last = byte
    }
    if isEscaped {
      isEscaped = false
      return
    }
    switch places[places.count - 1] {
    case .singleQuotes: if byte == UInt8(ascii: "'") { places.removeLast() }
    case .comment: if byte == UInt8(ascii: "\n") { endLine() }
    case .hereDocument: break
    case .doubleQuotes: if !opens(byte), byte == UInt8(ascii: "\"") { places.removeLast() }
    case .backquotes:
      isEscaped = byte == UInt8(ascii: "\\")
      if byte == UInt8(ascii: "`") { places.removeLast() }
    case .arithmetic(let open): count(byte, open) { .arithmetic(open: $0) }
    case .words(let open):
      // Three of them would make a word the input of a command.
      if last == UInt8(ascii: "<"), run == 2, byte != last { hasHereDocument = true }
      if !opens(byte), !quotes(byte) { count(byte, open) { .words(open: $0) } }
    }
  }

  /// What opens another place both among words and inside of double quotes.
  private mutating func opens(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\\"): isEscaped = true
    case UInt8(ascii: "`"): places.append(.backquotes)
    case UInt8(ascii: "(") where last == UInt8(ascii: "$"): places.append(.words(open: 0))
    default: return false
    }
    return true
  }

  /// What opens another place among words alone.
  private mutating func quotes(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "'"): places.append(.singleQuotes)
    case UInt8(ascii: "\""): places.append(.doubleQuotes)
    case UInt8(ascii: "#") where " \t\n;&|(".utf8.contains(last): places.append(.comment)
    case UInt8(ascii: "\n"): endLine()
    default: return false
    }
    return true
  }

  /// Counts parentheses; the one that closes what `$(` has opened ends the place.
  private mutating func count(_ byte: UInt8, _ open: Int, _ place: (Int) -> Place) {
    switch byte {
    // The second one of `$((`.
    case UInt8(ascii: "(") where last == byte && run == 1 && open == 0 && places.count > 1:
      places[places.count - 1] = .arithmetic(open: 1)
    case UInt8(ascii: "("): places[places.count - 1] = place(open + 1)
    case UInt8(ascii: ")") where open > 0: places[places.count - 1] = place(open - 1)
    case UInt8(ascii: ")") where places.count > 1: places.removeLast()
    default: break
    }
  }

  private mutating func endLine() {
    if places[places.count - 1] == .comment { places.removeLast() }
    if hasHereDocument { places.append(.hereDocument) }
  }
}
