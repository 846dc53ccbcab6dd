internal import AdvisorCore

/// A stretch of an argument: text, or a replacement string.
enum TemplatePiece: Sendable, Hashable {
  case text([UInt8])
  /// Of one input, counted from 1 or, below 0, from the end; or of all.
  case input(InputPart, Int?)
  /// All inputs as they are, which a shell reads.
  case code
  case sequence
  case slot
  case threads
  /// Tasks in all.
  case total

  var isText: Bool {
    if case .text = self { return true }
    return false
  }

  /// Whether a command of such pieces alone gets its inputs behind its last word: `{threads}` is no string of GNU parallel's.
  var isFixed: Bool { isText || self == .threads }

  /// Whether it stands for all inputs.
  var isWhole: Bool { if case .input(_, nil) = self { true } else { false } }

  var text: [UInt8] {
    if case .text(let text) = self { return text }
    return []
  }

  /// What a task's numbers read as.
  struct Numbers {
    var sequence: [UInt8]
    var slot: [UInt8]
    var threads: [UInt8]
    var total: [UInt8]
  }

  /// How inputs stand on a line.
  enum Quoting {
    case none
    /// As the shell that runs it is given them: each is quoted, for a plain word behind `$x` or before `>` has a meaning too.
    case all
    /// As people and logs are shown them.
    case needed
  }

  func expanded(_ inputs: [[UInt8]], _ numbers: Numbers, _ quoting: Quoting) -> [UInt8] {
    let quote = { (input: [UInt8]) -> [UInt8] in
      switch quoting {
      case .none: input
      case .all: ShellQuoting.literal(input)
      case .needed: Array(ShellQuoting.word(input).utf8)
      }
    }
    switch self {
    case .text(let text): return text
    case .sequence: return numbers.sequence
    case .slot: return numbers.slot
    case .threads: return numbers.threads
    case .total: return numbers.total
    case .code: return Array(inputs.joined(separator: [UInt8(ascii: " ")]))
    case .input(let part, nil):
      return Array(inputs.map { quote(part.of($0)) }.joined(separator: [UInt8(ascii: " ")]))
    case .input(let part, let column?): return Self.input(column, of: inputs).map { quote(part.of($0)) } ?? []
    }
  }

  /// Nil where a task has fewer inputs.
  static func input(_ column: Int, of inputs: [[UInt8]]) -> [UInt8]? {
    let index = column > 0 ? column - 1 : inputs.count + column
    return inputs.indices.contains(index) ? inputs[index] : nil
  }
}

/// What is taken of an input.
enum InputPart: Sendable, Hashable {
  case path(PathPart)
  case edit(InputEdit)

  static let whole = InputPart.path(.whole)

  func of(_ input: [UInt8]) -> [UInt8] {
    switch self {
    case .path(let part): part.of(input)
    case .edit(let edit): edit.of(input)
    }
  }
}
