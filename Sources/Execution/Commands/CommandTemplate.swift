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
/// | `{#}` | the number of the task, from 1 |
/// | `{%}` | the number of the slot it runs in, from 1 |
///
/// Arguments are bytes, as Linux has them. No shell reads them. Where there is no replacement string, the inputs follow
/// the last argument.
public struct CommandTemplate: Sendable, Hashable {
  /// As it was given.
  let words: [[UInt8]]
  private var arguments: [[Piece]]

  /// - Throws: ``AdvisorError`` (usage) when there is no command.
  public init(_ command: [[UInt8]]) throws(AdvisorError) {
    guard let program = command.first, !program.isEmpty else {
      throw AdvisorError(.usage, "there is no command to run", advice: "write one after --, as in: -- gzip -k {}")
    }
    words = command
    arguments = command.map { Piece.pieces(of: $0[...]) }
    if arguments.joined().allSatisfy(\.isText) { arguments.append([.input(.whole, nil)]) }
  }

  /// The program, where it is the same for all tasks.
  public var program: [UInt8]? {
    guard let pieces = arguments.first, pieces.allSatisfy(\.isText) else { return nil }
    return pieces.flatMap { $0.text }
  }

  /// - Throws: ``AdvisorError`` (usage) when a replacement string names an input that a task does not have.
  public func validate(inputs count: Int) throws(AdvisorError) {
    for case .input(_, let column?) in arguments.joined() where column > count {
      throw AdvisorError(
        .usage, "the command uses {\(column)}, but a task has \(count) input\(count == 1 ? "" : "s")",
        advice: "give one more list of inputs after a further :::")
    }
  }

  /// The arguments of one task, the program's name first.
  ///
  /// - Parameter inputs: one from each source. A `{}` that is a whole argument becomes as many arguments.
  public func arguments(for inputs: [[UInt8]], sequence: Int, slot: Int) -> [[UInt8]] {
    var result: [[UInt8]] = []
    result.reserveCapacity(arguments.count)
    for pieces in arguments {
      if pieces.count == 1, case .input(let part, nil) = pieces[0] {
        for input in inputs { result.append(part.of(input)) }
      } else {
        result.append(pieces.flatMap { $0.expanded(inputs, sequence, slot) })
      }
    }
    return result
  }
}

/// A stretch of an argument: text, or a replacement string.
private enum Piece: Sendable, Hashable {
  case text([UInt8])
  /// Of one input, counted from 1, or of all.
  case input(PathPart, Int?)
  case sequence
  case slot

  var isText: Bool {
    if case .text = self { return true }
    return false
  }

  var text: [UInt8] {
    if case .text(let text) = self { return text }
    return []
  }

  func expanded(_ inputs: [[UInt8]], _ sequence: Int, _ slot: Int) -> [UInt8] {
    switch self {
    case .text(let text): text
    case .sequence: Array("\(sequence)".utf8)
    case .slot: Array("\(slot)".utf8)
    case .input(let part, nil): Array(inputs.map { part.of($0) }.joined(separator: [UInt8(ascii: " ")]))
    case .input(let part, let column?): column <= inputs.count ? part.of(inputs[column - 1]) : []
    }
  }

  static func pieces(of argument: ArraySlice<UInt8>) -> [Piece] {
    var pieces: [Piece] = []
    var text: [UInt8] = []
    var rest = argument
    while let first = rest.first {
      if first == UInt8(ascii: "{"), let close = rest.firstIndex(of: UInt8(ascii: "}")),
        let piece = Piece(name: rest[(rest.startIndex + 1)..<close])
      {
        if !text.isEmpty { pieces.append(.text(text)) }
        text = []
        pieces.append(piece)
        rest = rest[(close + 1)...]
      } else {
        text.append(first)
        rest = rest.dropFirst()
      }
    }
    if !text.isEmpty || pieces.isEmpty { pieces.append(.text(text)) }
    return pieces
  }

  /// Reads what stands between the braces; nil where it is no replacement string.
  private init?(name: ArraySlice<UInt8>) {
    switch String(decoding: name, as: UTF8.self) {
    case "#": self = .sequence
    case "%": self = .slot
    default:
      let digits = name.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard let part = PathPart(rawValue: String(decoding: name.dropFirst(digits.count), as: UTF8.self)) else {
        return nil
      }
      if digits.isEmpty {
        self = .input(part, nil)
      } else {
        guard let column = Int(String(decoding: digits, as: UTF8.self)), column > 0 else { return nil }
        self = .input(part, column)
      }
    }
  }
}
