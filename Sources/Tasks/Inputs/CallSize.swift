/// How the size of a call grows with its inputs.
struct CallSize: Sendable, Hashable {
  /// How often each input comes.
  private(set) var uses = 0
  /// Words, or stretches between blanks, that each input adds.
  private(set) var words = 0
  /// Bytes of the texts that are repeated with each input.
  private(set) var repeatedBytes = 0
  /// Bytes of what comes once: on a shell's line its text, else the words with a byte between them.
  private(set) var fixedBytes = 0

  init() {}

  /// - Parameter isRepeated: whether a word comes once for each input.
  init(_ arguments: [[TemplatePiece]], _ form: CommandTemplate.Form, _ isRepeated: ([TemplatePiece]) -> Bool) {
    let isLine = form == .shell
    let all = isLine ? ShellContext.words(of: arguments.last ?? []) : arguments
    for word in all {
      let texts = word.reduce(0) { $0 + $1.text.count }
      let inputs = word.count { if case .input = $0 { true } else { false } }
      uses += inputs
      if isRepeated(word) {
        (words, repeatedBytes) = (words + 1, repeatedBytes + texts)
      } else {
        words += inputs
        // An argument of nothing but inputs has its bytes counted with them.
        fixedBytes += texts + (isLine || (texts == 0 && inputs > 0) ? 0 : 1)
      }
    }
  }
}
