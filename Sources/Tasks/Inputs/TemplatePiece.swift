internal import AdvisorCore

/// A stretch of an argument: text, or a replacement string.
enum TemplatePiece: Sendable, Hashable {
  case text([UInt8])
  /// Of one input, counted from 1, or of all.
  case input(PathPart, Int?)
  case sequence
  case slot
  case threads

  var isText: Bool {
    if case .text = self { return true }
    return false
  }

  /// Whether inputs have no part in it.
  var isFixed: Bool { isText || self == .threads }

  var text: [UInt8] {
    if case .text(let text) = self { return text }
    return []
  }

  /// What a task's numbers read as.
  struct Numbers {
    var sequence: [UInt8]
    var slot: [UInt8]
    var threads: [UInt8]
  }

  func expanded(_ inputs: [[UInt8]], _ numbers: Numbers, quotes: Bool) -> [UInt8] {
    let quote = { (input: [UInt8]) in quotes ? ShellQuoting.literal(input) : input }
    switch self {
    case .text(let text): return text
    case .sequence: return numbers.sequence
    case .slot: return numbers.slot
    case .threads: return numbers.threads
    case .input(let part, nil):
      return Array(inputs.map { quote(part.of($0)) }.joined(separator: [UInt8(ascii: " ")]))
    case .input(let part, let column?): return column <= inputs.count ? quote(part.of(inputs[column - 1])) : []
    }
  }

  /// - Parameter columns: names that a replacement string may use in place of the input's number.
  static func pieces(of argument: ArraySlice<UInt8>, _ columns: [String]) -> [TemplatePiece] {
    var pieces: [TemplatePiece] = []
    var text: [UInt8] = []
    var rest = argument
    while let first = rest.first {
      if first == UInt8(ascii: "{"), let close = rest.firstIndex(of: UInt8(ascii: "}")),
        let piece = TemplatePiece(name: rest[(rest.startIndex + 1)..<close], columns)
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

  /// Refuses what looks like a replacement string and is none: it would be handed on as it is.
  ///
  /// - Throws: `AdvisorError` (usage) that lists those that there are.
  static func validate(_ argument: ArraySlice<UInt8>, _ columns: [String]) throws(AdvisorError) {
    var rest = argument
    while let open = rest.firstIndex(of: UInt8(ascii: "{")) {
      rest = rest[(open + 1)...]
      guard let close = rest.firstIndex(of: UInt8(ascii: "}")) else { return }
      let isVariable = open > argument.startIndex && argument[open - 1] == UInt8(ascii: "$")
      let name = String(decoding: rest[..<close], as: UTF8.self)
      guard !isVariable, TemplatePiece(name: rest[..<close], columns) == nil, isLikeOne(name, columns) else { continue }
      let known = PathPart.allCases.map(\.rawValue) + ["1", "2/.", "#", "%", "threads"] + columns.prefix(20)
      throw AdvisorError(
        .usage, "{\(name.printable)} is no replacement string",
        advice: "there are \(known.map { "{\($0.printable)}" }.joined(separator: " "))"
          + "\(columns.count > 20 ? " …" : ""); write { \(name.printable) } if the braces are meant")
    }
  }

  /// An input counted from 0 or from the end, what GNU parallel has besides, or where columns have names, a name.
  private static func isLikeOne(_ name: String, _ columns: [String]) -> Bool {
    if name.hasPrefix("="), name.hasSuffix("=") { return true }
    if ["..", "...", "/..", "/...", "+/", "+.", "+..", "+...", "##"].contains(name) { return true }
    let part = PathPart.allCases.reversed().first { name.hasSuffix($0.rawValue) } ?? .whole
    let stem = name.dropLast(part.rawValue.count)
    if Int(stem) != nil { return true }
    return !columns.isEmpty && stem.first.map { $0.isLetter || $0 == "_" } == true
      && stem.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
  }

  /// Reads what stands between the braces; nil where it is no replacement string.
  private init?(name: ArraySlice<UInt8>, _ columns: [String]) {
    let name = String(decoding: name, as: UTF8.self)
    if let named = Self.named(name, columns) {
      self = named
      return
    }
    switch name {
    case "#": self = .sequence
    case "%": self = .slot
    case "threads": self = .threads
    default:
      let digits = name.prefix { ("0"..."9").contains($0) }
      guard let part = PathPart(rawValue: String(name.dropFirst(digits.count))) else { return nil }
      if digits.isEmpty {
        self = .input(part, nil)
      } else {
        guard let column = Int(digits), column > 0 else { return nil }
        self = .input(part, column)
      }
    }
  }

  /// A column's name, with what is to be taken of it behind.
  private static func named(_ text: String, _ columns: [String]) -> TemplatePiece? {
    for part in PathPart.allCases.reversed() where text.hasSuffix(part.rawValue) {
      let name = String(text.dropLast(part.rawValue.count))
      if !name.isEmpty, let index = columns.firstIndex(of: name) { return .input(part, index + 1) }
    }
    return nil
  }
}
