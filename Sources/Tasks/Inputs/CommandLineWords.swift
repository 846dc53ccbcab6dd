public import AdvisorCore

/// A command and the sources of its inputs, as they stand on the command line: `gzip -k {} ::: a.txt b.txt :::: list`.
public struct CommandLineWords: Sendable, Hashable {
  public var command: [[UInt8]]
  public var sources: [InputSource] = []

  /// What starts a source; each is GNU parallel's, which lets its users choose others.
  public struct Separators: Sendable {
    public var words = ":::"
    public var files = "::::"

    public init() {}

    /// What the word starts; nil where it is an ordinary one.
    func start(_ word: [UInt8]) -> (isFiles: Bool, isLinked: Bool)? {
      let text = String(decoding: word, as: UTF8.self)
      if text == words || text == "\(words)+" { return (false, text != words) }
      if text == files || text == "\(files)+" { return (true, text != files) }
      return nil
    }
  }

  /// - Parameters:
  ///   - words: `:::` starts a list of inputs, `::::` one of files of inputs; a `+` behind links it to the source before.
  ///   - separators: what stands for these.
  public init(_ words: some Sequence<[UInt8]>, _ separators: Separators = Separators()) {
    command = []
    var start: (isFiles: Bool, isLinked: Bool)?
    var part: [[UInt8]] = []
    for word in words {
      if let next = separators.start(word) {
        end(part, start)
        (start, part) = (next, [])
      } else {
        part.append(word)
      }
    }
    end(part, start)
  }

  private mutating func end(_ part: [[UInt8]], _ start: (isFiles: Bool, isLinked: Bool)?) {
    guard let start else { return command = part }
    guard start.isFiles else { return sources.append(InputSource(.words(part), isLinked: start.isLinked)) }
    for (index, word) in part.enumerated() {
      sources.append(
        InputSource(
          .file(String(decoding: word, as: UTF8.self)),
          isLinked: start.isLinked && (index > 0 || !sources.isEmpty)))
    }
  }

  private static let list = Array(":::".utf8)
  private static let link = Array(":::+".utf8)

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

  /// Whether `--` stands before the last `count` words of this process's own arguments.
  public static func isTerminator(before count: Int) -> Bool { arguments.dropLast(count).last == Array("--".utf8) }

  /// The last `count` words of this process's own arguments, in bytes.
  public static func last(_ count: Int) -> [[UInt8]] { Array(arguments.suffix(count)) }

  /// Refuses options whose values are no UTF-8: they would be repaired, and name something else.
  ///
  /// - Throws: ``AdvisorError`` (usage) with the first of them.
  public static func validateOptions() throws(AdvisorError) {
    let options = arguments.prefix { $0 != Array("--".utf8) && Separators().start($0) == nil }
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
