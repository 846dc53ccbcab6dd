public import AdvisorCore

/// A command with replacement strings, GNU parallel's, and how it reads with an input put in.
///
/// | string | becomes |
/// | --- | --- |
/// | `{}` | the input; all of them where a task has several |
/// | `{.}` | without its extension |
/// | `{/}` | its last path component |
/// | `{//}` | the folder it lies in |
/// | `{/.}` | its last path component without extension |
/// | `{2}`, `{2.}`, `{2/}`, `{2//}`, `{2/.}` | the same of the second input |
/// | `{-1}` | the last input, `{-2}` the one before it |
/// | `{name}`, `{name.}` … | the same of the column of that name |
/// | `{#}` | the number of the task, from 1 |
/// | `{%}` | the number of the slot it runs in, from 1 |
/// | `{##}` | the number of tasks, where ``setTotal(_:)`` says it |
/// | `{..}`, `{...}`, `{/..}`, `{/...}` | without two or three extensions |
/// | `{+.}`, `{+..}`, `{+...}`, `{+/}` | the extensions and the folders that the others leave out |
/// | `{threads}` | the number of threads that each task is to use; 1 unless ``setThreads(_:)`` says otherwise |
///
/// Arguments are bytes, as Linux has them. No shell reads them, unless one is asked for. Where there is no replacement
/// string, the inputs follow the last argument.
public struct CommandTemplate: Sendable, Hashable {
  /// How the words become arguments.
  public enum Form: Sendable, Hashable {
    case words
    /// As one line for a shell, in which inputs are quoted.
    case shell
  }

  /// What else there is to know of how it is read.
  public struct Reading: Sendable {
    public var strings = ReplacementStrings()
    public var form = Form.words
    /// The shell that reads a line.
    public var shell = "/bin/sh"
    /// Whether inputs follow the last argument where there is no replacement string.
    public var takesInputs = true
    /// Whether a word with `{}` in it comes once for each input, as with GNU parallel's `-X`; else its inputs come in one.
    public var repeatsWords = false

    public init(columns: [String] = [], form: Form = .words, takesInputs: Bool = true) {
      strings.columns = columns
      (self.form, self.takesInputs) = (form, takesInputs)
    }
  }

  /// As it was given.
  let words: [[UInt8]]
  let form: Form
  private(set) var arguments: [[TemplatePiece]]
  private var threads = 1
  private var total = 0
  private let repeatsWords: Bool
  /// What an input adds to a call, and what is there without any.
  private var size = CallSize()

  /// - Parameters:
  ///   - command: its words, the program first.
  ///   - columns: names of the inputs, where they have any.
  ///   - form: whether a shell reads the words as one line.
  ///   - takesInputs: whether inputs follow the last argument where there is no replacement string.
  public init(
    _ command: [[UInt8]], columns: [String] = [], form: Form = .words, takesInputs: Bool = true
  ) throws(AdvisorError) {
    try self.init(command, Reading(columns: columns, form: form, takesInputs: takesInputs))
  }

  /// Inputs that are whole lines for a shell.
  public init(linesFor shell: String) {
    (words, form, repeatsWords) = ([], .shell, false)
    arguments = [[.text(Array(shell.utf8))], [.text(Array("-c".utf8))], [.code]]
  }

  /// - Throws: `AdvisorError` (usage) when there is no command, a replacement string is none of these, or a shell would read
  ///   an input as code.
  public init(_ command: [[UInt8]], _ reading: Reading) throws(AdvisorError) {
    guard let program = command.first, !program.isEmpty else {
      throw AdvisorError(.usage, "there is no command to run", advice: "write one after --, as in: -- gzip -k {}")
    }
    (words, form, repeatsWords) = (command, reading.form, reading.repeatsWords)
    let strings = reading.strings
    for word in command { try TemplatePiece.validate(word[...], strings) }
    let isFixed = command.allSatisfy { TemplatePiece.pieces(of: $0[...], strings).allSatisfy(\.isFixed) }
    let whole: [TemplatePiece] = [.input(.whole, nil)]
    switch form {
    case .words:
      arguments = command.map { TemplatePiece.pieces(of: $0[...], strings) }
      if isFixed, reading.takesInputs { arguments.append(whole) }
    case .shell:
      let line = Array(command.joined(separator: [UInt8(ascii: " ")]))
      var pieces = TemplatePiece.pieces(of: line[...], strings)
      try ShellContext.validate(pieces)
      if isFixed, reading.takesInputs { pieces += [.text([UInt8(ascii: " ")])] + whole }
      try ShellContext.validate(pieces)
      arguments = [[.text(Array(reading.shell.utf8))], [.text(Array("-c".utf8))], pieces]
    }
    size = CallSize(arguments, form, isRepeated)
  }

  /// Whether a word comes once for each input.
  private func isRepeated(_ word: [TemplatePiece]) -> Bool { repeatsWords && word.contains(where: \.isWhole) }

  /// The program, where it is the same for all tasks.
  public var program: [UInt8]? {
    guard let pieces = arguments.first, pieces.allSatisfy(\.isText) else { return nil }
    return pieces.flatMap { $0.text }
  }

  /// - Throws: `AdvisorError` (usage) when a replacement string names an input that a task does not have.
  public func validate(inputs count: Int) throws(AdvisorError) {
    for case .input(_, let column?) in arguments.joined() where abs(column) > count {
      throw AdvisorError(
        .usage, "the command uses {\(column)}, but a task has \(AdvisorCore.count(count, "input"))",
        advice: "give one more list of inputs after a further :::, or as many columns in every row")
    }
  }

  /// Whether a replacement string stands for an input.
  public var namesInputs: Bool {
    arguments.joined().contains { if case .input = $0 { true } else { $0 == .code } }
  }

  /// Whether a replacement string names an input by its number.
  var namesColumns: Bool {
    arguments.joined().contains { if case .input(_, _?) = $0 { true } else { false } }
  }

  /// Whether `{%}` stands for the slot that a task runs in.
  package var namesSlots: Bool { arguments.joined().contains(.slot) }

  /// Whether `{threads}` stands for the threads of a task.
  public var namesThreads: Bool { arguments.joined().contains(.threads) }

  /// Puts a number in the place of `{threads}`.
  public mutating func setThreads(_ count: Int) { threads = count }

  /// Whether `{##}` stands for the number of tasks.
  public var namesTotal: Bool { arguments.joined().contains(.total) }

  /// Puts a number in the place of `{##}`.
  public mutating func setTotal(_ count: Int) { total = count }

  /// Stands for what a run alone decides, `{%}` and `{threads}`; no argument can hold a null.
  static let gap: UInt8 = 0

  /// Whether commands have such gaps.
  var hasGaps: Bool { namesSlots || namesThreads || namesTotal }

  /// The arguments of a task with such gaps: the same in every run.
  func form(for inputs: [[UInt8]], sequence: Int) -> [[UInt8]] {
    let gap = [Self.gap]
    return arguments(for: inputs, .init(sequence: Self.text(sequence), slot: gap, threads: gap, total: gap))
  }

  private static func text(_ number: Int) -> [UInt8] { Array("\(number)".utf8) }

  /// The arguments of one task, the program's name first.
  ///
  /// - Parameters:
  ///   - inputs: one from each source. A `{}` that is a whole argument becomes as many arguments.
  ///   - sequence: the number of the task, from 1.
  ///   - slot: the number of the slot that it runs in, from 1.
  public func arguments(for inputs: [[UInt8]], sequence: Int, slot: Int) -> [[UInt8]] {
    arguments(for: inputs, numbers(sequence, slot))
  }

  private func numbers(_ sequence: Int, _ slot: Int) -> TemplatePiece.Numbers {
    TemplatePiece.Numbers(
      sequence: Self.text(sequence), slot: Self.text(slot), threads: Self.text(threads), total: Self.text(total))
  }

  /// A task's command as it would be typed: a shell's line as it is.
  func text(for inputs: [[UInt8]], sequence: Int, slot: Int) -> String {
    let arguments = arguments(for: inputs, numbers(sequence, slot), isShown: true)
    guard form == .shell, arguments.count == 3, let line = String(validating: arguments[2], as: UTF8.self),
      !line.utf8.contains(where: { $0 < 32 })
    else { return ShellQuoting.text(arguments) }
    return line
  }

  private func arguments(
    for inputs: [[UInt8]], _ numbers: TemplatePiece.Numbers, isShown: Bool = false
  ) -> [[UInt8]] {
    let quoting: TemplatePiece.Quoting = form == .words ? .none : isShown ? .needed : .all
    var result: [[UInt8]] = []
    result.reserveCapacity(arguments.count)
    for pieces in arguments {
      switch pieces.first {
      case .text(let text)? where pieces.count == 1: result.append(text)
      case .input(let part, nil)? where pieces.count == 1 && form == .words:
        for input in inputs { result.append(part.of(input)) }
      case .input(_, let column?)? where pieces.count == 1 && form == .words:
        // As nothing stands for it on a shell's line.
        guard TemplatePiece.input(column, of: inputs) != nil else { continue }
        result.append(pieces[0].expanded(inputs, numbers, .none))
      case _ where isRepeated(pieces):
        result += repeated(pieces, inputs, numbers, quoting)
      default: result.append(pieces.flatMap { $0.expanded(inputs, numbers, quoting) })
      }
    }
    return result
  }
}

extension CommandTemplate {
  /// A word once for each input; of a shell's line each of its words with an input in it.
  private func repeated(
    _ pieces: [TemplatePiece], _ inputs: [[UInt8]], _ numbers: TemplatePiece.Numbers,
    _ quoting: TemplatePiece.Quoting
  ) -> [[UInt8]] {
    let isLine = form == .shell
    let expand = { (pieces: [TemplatePiece], input: [UInt8]?) -> [UInt8] in
      pieces.flatMap { $0.expanded($0.isWhole ? input.map { [$0] } ?? [] : inputs, numbers, quoting) }
    }
    guard isLine else { return inputs.map { expand(pieces, $0) } }
    let words = ShellContext.words(of: pieces).map { word in
      let expanded = word.contains(where: \.isWhole) ? inputs.map { expand(word, $0) } : [expand(word, nil)]
      return Array(expanded.joined(separator: [UInt8(ascii: " ")]))
    }
    return [Array(words.joined())]
  }

  /// Bytes of arguments that one input adds to a call, at most.
  ///
  /// - Parameter isLine: whether they are counted as on a line, with a blank each.
  func bytes(of input: [UInt8], isLine: Bool = false) -> Int {
    if isLine { return size.uses * input.count + size.repeatedBytes + size.words }
    // Each argument has a pointer and a null byte beside it; a quote takes four bytes inside of quotes.
    let quoted = form == .shell ? 3 * input.count { $0 == UInt8(ascii: "'") } + 2 : 0
    return size.uses * (input.count + quoted) + size.repeatedBytes + 9 * size.words
  }

  /// Bytes of a line without its inputs, and the null byte behind it.
  var fixedLineBytes: Int { size.fixedBytes }

  /// Bytes of inputs that one call can take under Linux's limits (execve(2)): on all arguments and the environment
  /// together, and on a single argument where inputs are put into one.
  func room(argumentBytes: Int, environmentBytes: Int) -> Int {
    let fixed = words.reduce(0) { $0 + $1.count + 9 }
    let isJoined =
      form == .shell || arguments.contains { $0.count > 1 && $0.contains { !$0.isText } && !isRepeated($0) }
    let single = isJoined ? 128 << 10 : Int.max
    // POSIX leaves 2 KiB to the program for its own use.
    return max(1, min(single, argumentBytes - environmentBytes) - fixed - 2048)
  }
}
