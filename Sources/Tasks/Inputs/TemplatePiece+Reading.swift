internal import AdvisorCore

extension TemplatePiece {
  static func pieces(of argument: ArraySlice<UInt8>, _ strings: ReplacementStrings) -> [TemplatePiece] {
    var pieces: [TemplatePiece] = []
    var text: [UInt8] = []
    var rest = argument
    while let first = rest.first {
      guard let (piece, end) = piece(at: rest, strings) else {
        text.append(first)
        rest = rest.dropFirst()
        continue
      }
      if !text.isEmpty { pieces.append(.text(text)) }
      text = []
      pieces.append(piece)
      rest = rest[end...]
    }
    if !text.isEmpty || pieces.isEmpty { pieces.append(.text(text)) }
    return pieces
  }

  /// The replacement string that the text starts with, and where it ends.
  private static func piece(
    at text: ArraySlice<UInt8>, _ strings: ReplacementStrings
  ) -> (piece: TemplatePiece, end: Int)? {
    if let custom = strings.custom(at: text) {
      let name = Array(custom.name.utf8)
      return TemplatePiece(name: name[...], strings).map { ($0, text.startIndex + custom.text.count) }
    }
    guard text.first == UInt8(ascii: "{"), let close = text.firstIndex(of: UInt8(ascii: "}")) else { return nil }
    let name = text[(text.startIndex + 1)..<close]
    guard !strings.isReplaced(name), let piece = TemplatePiece(name: name, strings) else { return nil }
    return (piece, close + 1)
  }

  /// Refuses what looks like a replacement string and is none: it would be handed on as it is.
  ///
  /// - Throws: `AdvisorError` (usage) that lists those that there are.
  static func validate(_ argument: ArraySlice<UInt8>, _ strings: ReplacementStrings) throws(AdvisorError) {
    let isOurs = { (name: ArraySlice<UInt8>) in
      TemplatePiece(name: name, strings) == nil && !strings.isReplaced(name) && isLikeOne(name, strings)
    }
    guard let bad = names(in: argument).first(where: isOurs) else { return }
    let name = String(decoding: bad, as: UTF8.self)
    let known = PathPart.common.map(\.rawValue) + ["1", "-1", "2/.", "#", "%", "threads"] + strings.columns.prefix(20)
    guard !isPerl(name) else {
      throw AdvisorError(
        .usage, "{\(name.printable)} is a Perl expression, which advisor does not run",
        advice: "use sed, or a shell's ${x%.gz}: advisor run 'x={}; echo ${x%.gz}'; --plus has {%.gz}, {:2} and {/a/b}")
    }
    throw AdvisorError(
      .usage, "{\(name.printable)} is no replacement string",
      advice: "there are \(known.map { "{\($0.printable)}" }.joined(separator: " "))"
        + "\(strings.columns.count > 20 ? " …" : ""); write { \(name.printable) } if the braces are meant")
  }

  /// Whether a word names a column, of whatever name.
  static func namesColumn(_ argument: ArraySlice<UInt8>) -> Bool {
    names(in: argument).contains { name in
      TemplatePiece(name: name, ReplacementStrings()) == nil && !isPerl(String(decoding: name, as: UTF8.self))
        && isLikeOne(name, ReplacementStrings(columns: [""]))
    }
  }

  /// What stands in braces, but for a shell's variables.
  private static func names(in argument: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var names: [ArraySlice<UInt8>] = []
    var rest = argument
    while let open = rest.firstIndex(of: UInt8(ascii: "{")) {
      rest = rest[(open + 1)...]
      guard let close = rest.firstIndex(of: UInt8(ascii: "}")) else { break }
      let isVariable = open > argument.startIndex && argument[open - 1] == UInt8(ascii: "$")
      if !isVariable { names.append(rest[..<close]) }
    }
    return names
  }

  private static func isPerl(_ name: String) -> Bool { name.hasPrefix("=") && name.hasSuffix("=") }

  /// An input counted from 0, what GNU parallel has besides, or where columns have names, a name.
  private static func isLikeOne(_ name: ArraySlice<UInt8>, _ strings: ReplacementStrings) -> Bool {
    let name = String(decoding: name, as: UTF8.self)
    let columns = strings.columns
    if isPerl(name) || ["choose_k", "uniq", "hgrp"].contains(name) { return true }
    if strings.hasEdits, isEdit(name) { return true }
    let part = PathPart.allCases.reversed().first { name.hasSuffix($0.rawValue) } ?? .whole
    let stem = name.dropLast(part.rawValue.count)
    if Int(stem) != nil { return true }
    return !columns.isEmpty && stem.first.map { $0.isLetter || $0 == "_" } == true
      && stem.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
  }

  /// What `--plus` means there and is not read here: `{#(}`, `{0#}`, `{host}`.
  private static func isEdit(_ name: String) -> Bool {
    let text = name.drop { ("0"..."9").contains($0) }
    if ["sshlogin", "host", "agrp"].contains(name) { return true }
    return text.first.map("#%/:^,".contains) == true && (text.count > 1 || name.hasPrefix("0"))
  }

  /// Reads what stands between the braces; nil where it is no replacement string.
  private init?(name: ArraySlice<UInt8>, _ strings: ReplacementStrings) {
    let name = String(decoding: name, as: UTF8.self)
    if let named = Self.named(name, strings.columns) {
      self = named
      return
    }
    switch name {
    case "#": self = .sequence
    case "%": self = .slot
    case "slot" where strings.hasEdits: self = .slot
    case "##": self = .total
    case "threads": self = .threads
    default:
      let isNegative = name.hasPrefix("-")
      let digits = name.dropFirst(isNegative ? 1 : 0).prefix { ("0"..."9").contains($0) }
      let rest = name.dropFirst(digits.count + (isNegative ? 1 : 0))
      let edit = { strings.hasEdits ? InputEdit(rest).map(InputPart.edit) : nil }
      guard let part = PathPart(rawValue: String(rest)).map(InputPart.path) ?? edit() else { return nil }
      guard !digits.isEmpty || !isNegative else { return nil }
      let column = digits.isEmpty ? nil : Int(digits)
      guard digits.isEmpty || (column ?? 0) > 0 else { return nil }
      self = .input(part, column.map { isNegative ? -$0 : $0 })
    }
  }

  /// A column's name, with what is to be taken of it behind.
  private static func named(_ text: String, _ columns: [String]) -> TemplatePiece? {
    for part in PathPart.allCases.reversed() where text.hasSuffix(part.rawValue) {
      let name = String(text.dropLast(part.rawValue.count))
      if !name.isEmpty, let index = columns.firstIndex(of: name) { return .input(.path(part), index + 1) }
    }
    return nil
  }
}
