import AdvisorCore
import ArgumentParser
import System
import Tasks

/// What to say to a word that stands where a command's name should, and is none.
enum UnknownCommand {
  /// Options that the parser itself takes where a command's name may stand.
  private static let options = [
    "-h", "--help", "--help-hidden", "--version", "--generate-completion-script", "--experimental-dump-help",
    "---completion",
  ]

  /// What people call what a command does, or the programs that do it elsewhere.
  private static let otherNames = [
    "cpus": ["containers", "cores", "jobs", "limits", "nproc", "threads", "workers"],
    "download": ["aria2c", "curl", "fetch", "get", "wget"], "plan": ["capacity", "machines", "servers", "size"],
    "probe": ["info", "lscpu", "machine", "topology"], "run": ["parallel", "xargs"],
    "tune": ["optimise", "optimize"], "verify": ["bench", "benchmark"],
  ]

  /// The complaint about the first word that names no command; nil where there is none.
  static func error(_ words: ArraySlice<String>) -> AdvisorError? {
    var (command, path) = (AdvisorCommand.self as any ParsableCommand.Type, "advisor")
    let isHelp = words.first == "help"
    for (index, word) in zip(words.indices, words).dropFirst(isHelp ? 1 : 0) {
      let below = command.configuration.subcommands
      guard !below.isEmpty else { return nil }
      guard let next = below.first(where: { $0._commandName == word }) else {
        // A word behind `help` is not meant to run.
        return error(word, isHelp ? [] : words[index...], path, among: below.map { $0._commandName })
      }
      (command, path) = (next, "\(path) \(word)")
    }
    return nil
  }

  private static func error(
    _ word: String, _ rest: ArraySlice<String>, _ path: String, among commands: [String]
  ) -> AdvisorError? {
    let isTop = path == "advisor"
    let isOption = word.hasPrefix("-")
    guard isTop || !isOption, !options.contains(word), !options.contains(where: { word.hasPrefix("\($0)=") }) else {
      return nil
    }
    // Some programs take the letter for this.
    let typed = word.lowercased() == "-v" ? "--version" : word
    let kind = isOption ? "option" : "command"
    let problem = "“\(word.printable)” is no \(kind) of \(path)"
    let known = commands + (isTop ? ["help", "--help", "--version"] : [])
    let other = isTop ? otherNames.first { $0.value.contains(typed) }?.key : nil
    guard let meant = other ?? Spelling.closest(to: typed, among: known) else {
      return AdvisorError(.usage, problem, advice: isTop ? advice(rest) : "\(path) --help lists them")
    }
    let words = [meant] + rest.dropFirst()
    return AdvisorError(
      .usage, problem, advice: "did you mean: \(path) \(ShellQuoting.typed(words.map { Array($0.utf8) }))")
  }

  /// Whoever writes a command where advisor's own is missed most likely wants to run it.
  private static func advice(_ words: ArraySlice<String>) -> String {
    let typed = ShellQuoting.typed(words.map { Array($0.utf8) })
    if words.contains("{}") || words.contains(":::") { return "to run a command over inputs: advisor run -- \(typed)" }
    guard let first = words.first, !first.hasPrefix("-"), (try? CommandLookup.find(first)) != nil else {
      return "advisor --help lists them"
    }
    return "to run a program with the right number of CPUs: advisor exec -- \(typed)"
  }
}
