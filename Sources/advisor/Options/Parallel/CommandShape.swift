import AdvisorCore
import System
import Tasks

/// How the words of a command and its inputs are read, beside what they are.
struct CommandShape {
  var format = InputFormat()
  var reading = CommandTemplate.Reading()
  var linksAll = false
  var shuffles = false
  /// Inputs of a call; 0 takes one and puts none in.
  var groupSize: Int?
  /// Whether the words are arguments as they are, as behind `--`; else a shell reads them as one line, as in GNU parallel.
  var isExact = true
  /// Whether not even a single word is a line.
  var isQuoted = false

  /// What a shell does not hand on as it is (POSIX, Shell Command Language, 2.2), but for what replacement strings have.
  private static let special = Set(" \t\n;|&<>()$`\\\"'*?[~!".utf8)

  /// Words that only a shell knows as commands, or as the start of one (POSIX, 2.4 and 2.14).
  private static let builtins: Set<String> = [
    ".", ":", "alias", "bg", "builtin", "cd", "command", "declare", "eval", "exec", "exit", "export", "for", "if",
    "read",
    "return", "set", "shift", "source", "time", "trap", "type", "ulimit", "umask", "unset", "until", "wait", "while",
    "{",
  ]

  /// The shell that a command needs to be read by; nil where its words are arguments.
  func shell(for command: [[UInt8]]) -> String? {
    guard !isQuoted, let first = command.first.map({ String(decoding: $0, as: UTF8.self) }) else { return nil }
    if Environment.value("BASH_FUNC_\(first)%%") != nil, !isExact || command.count == 1 { return "/bin/bash" }
    if isExact, command.count > 1 || FileAccess.canExecute(first) { return nil }
    let isAssignment = first.contains("=") && !first.hasPrefix("{")
    let isLine =
      isAssignment || Self.builtins.contains(first) || command.contains { !Self.special.isDisjoint(with: $0) }
    // Names that are looked up, such as `gzip`, need none.
    return isLine || command.contains { $0.first == UInt8(ascii: "#") } ? Self.userShell : nil
  }

  /// As GNU parallel chooses it, if it is one that reads `'…'` as POSIX has it.
  static var userShell: String {
    if let shell = Environment.value("PARALLEL_SHELL") { return shell }
    let known = ["sh", "bash", "dash", "ash", "ksh", "mksh", "zsh"]
    guard let shell = Environment.value("SHELL"), known.contains(String(shell.split(separator: "/").last ?? "")),
      FileAccess.canExecute(shell)
    else { return "/bin/sh" }
    return shell
  }
}
