public import AdvisorCore

/// A command and its lists of inputs, as they stand after `--`: `gzip -k {} ::: a.txt b.txt ::: x y`.
public struct CommandLineWords: Sendable, Hashable {
  public var command: [[UInt8]]
  public var lists: [[[UInt8]]]

  /// - Parameter words: what follows `--`.
  /// - Throws: ``AdvisorError`` (usage) when there is no command.
  public init(_ words: some Sequence<[UInt8]>) throws(AdvisorError) {
    let parts = Array(words).split(separator: Array(":::".utf8), omittingEmptySubsequences: false).map(Array.init)
    command = parts.first ?? []
    lists = Array(parts.dropFirst())
    guard !command.isEmpty else {
      throw AdvisorError(.usage, "there is no command to run", advice: "write one after --, as in: -- gzip -k {}")
    }
  }

  /// What follows the first `--` of this process's own arguments, in bytes: `CommandLine.arguments` repairs what is no
  /// UTF-8, and a file's name need not be any.
  public static func afterTerminator() -> [[UInt8]] {
    let arguments = (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0] }
    return arguments.map { Array(UnsafeRawBufferPointer(start: $0, count: length($0))) }
      .drop { $0 != Array("--".utf8) }.dropFirst().map { $0 }
  }

  private static func length(_ text: UnsafePointer<CChar>) -> Int {
    var length = 0
    while text[length] != 0 { length += 1 }
    return length
  }
}
