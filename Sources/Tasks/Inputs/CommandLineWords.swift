public import AdvisorCore

/// A command and its lists of inputs, as they stand after `--`: `gzip -k {} ::: a.txt b.txt ::: x y`.
public struct CommandLineWords: Sendable, Hashable {
  public var command: [[UInt8]]
  public var lists: [InputList]

  /// - Parameter words: what follows `--`. `:::` starts a list, `:::+` one that is linked to the list before.
  /// - Throws: `AdvisorError` (usage) when there is no command, or no list to link to, and for `::::`.
  public init(_ words: some Sequence<[UInt8]>) throws(AdvisorError) {
    command = []
    lists = []
    var separator: [UInt8]?
    var part: [[UInt8]] = []
    for word in words {
      guard !Self.files.contains(word) else {
        throw AdvisorError(
          .usage, "\(String(decoding: word, as: UTF8.self)) and its files are not known here",
          advice: "name a file of inputs with --inputs FILE before --")
      }
      if word == Self.list || word == Self.link {
        try end(part, after: separator)
        (separator, part) = (word, [])
      } else {
        part.append(word)
      }
    }
    try end(part, after: separator)
    guard !command.isEmpty else {
      throw AdvisorError(.usage, "there is no command to run", advice: "write one after --, as in: -- gzip -k {}")
    }
  }

  private static let list = Array(":::".utf8)
  private static let link = Array(":::+".utf8)
  /// GNU parallel's: taken for words of the command, they would have it run without its inputs.
  private static let files = ["::::", "::::+"].map { Array($0.utf8) }

  private mutating func end(_ part: [[UInt8]], after separator: [UInt8]?) throws(AdvisorError) {
    switch separator {
    case nil: command = part
    case Self.list: lists.append(InputList(part))
    default:
      guard !lists.isEmpty else {
        throw AdvisorError(
          .usage, "there is no list of inputs that :::+ could be linked to", advice: "write ::: and a list before it")
      }
      lists[lists.count - 1].link(part)
    }
  }

  /// The words after `-- :::` of this process's own arguments, for what is no command and so has nothing before them; nil
  /// where there is no `--`.
  ///
  /// - Throws: ``AdvisorError`` (usage) where something else stands there.
  public static func listsAfterTerminator() throws(AdvisorError) -> [[UInt8]]? {
    let words = afterTerminator()
    guard let first = words.first else { return nil }
    guard first == list, !words.dropFirst().contains(list), !words.contains(link) else {
      throw AdvisorError(
        .usage, "after -- only ::: and one list of inputs can follow here", advice: "write -- ::: 1 2 3")
    }
    return Array(words.dropFirst())
  }

  /// What follows the first `--` of this process's own arguments, in bytes: `CommandLine.arguments` repairs what is no
  /// UTF-8, and a file's name need not be any.
  public static func afterTerminator() -> [[UInt8]] {
    arguments.drop { $0 != Array("--".utf8) }.dropFirst().map { $0 }
  }

  /// So many of the last words of this process's own arguments, in bytes.
  public static func last(_ count: Int) -> [[UInt8]] { Array(arguments.suffix(count)) }

  /// Refuses options whose values are no UTF-8: they would be repaired, and name something else.
  ///
  /// - Throws: ``AdvisorError`` (usage) with the first of them.
  public static func validateOptions() throws(AdvisorError) {
    let options = arguments.prefix { $0 != Array("--".utf8) }
    guard let bad = options.first(where: { String(validating: $0, as: UTF8.self) == nil }) else { return }
    throw AdvisorError(
      .usage, "the option \(ShellQuoting.word(bad)) is not UTF-8",
      advice: "use another name, or hand it over otherwise: inputs by < FILE, variables by NAME=VALUE advisor …")
  }

  private static var arguments: [[UInt8]] {
    (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0] }
      .map { Array(UnsafeRawBufferPointer(start: $0, count: length($0))) }
  }

  private static func length(_ text: UnsafePointer<CChar>) -> Int {
    var length = 0
    while text[length] != 0 { length += 1 }
    return length
  }
}
