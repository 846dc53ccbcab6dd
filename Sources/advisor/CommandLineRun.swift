import AdvisorCore
import ArgumentParser
import Console

/// Parses the command line, runs what it names, and ends the program on an error as all of advisor does.
enum CommandLineRun {
  /// - Parameter answers: called before anything is parsed; true where nothing is left to do.
  static func main(
    _ root: (some ParsableCommand).Type, answers: () throws(AdvisorError) -> Bool = { () throws(AdvisorError) in false }
  ) {
    do {
      if try !answers() { try perform(root) }
    } catch let error as AdvisorError {
      Terminal.complain(error)
      Terminal.exit(error.code.rawValue)
    } catch {
      complain(error, root)
    }
  }

  /// The parser's own way of printing its complaints hands on what the words hold, and all of it.
  private static func complain(_ error: any Error, _ root: (some ParsableCommand).Type) -> Never {
    var text = root.fullMessage(for: error)
    let values = CommandLine.arguments.flatMap { [$0[...]] + $0.split(separator: "=", maxSplits: 1).dropFirst() }
    for value in values where value.utf8.count > 240 { text = text.replacing(value, with: value.excerpt) }
    if !text.isEmpty { Terminal.note(text) }
    Terminal.exit(root.exitCode(for: error).rawValue)
  }

  /// Help and completions, which the parser throws, are data too: its own way of printing them does not notice a full disk.
  private static func perform(_ root: (some ParsableCommand).Type) throws {
    do {
      var command = try root.parseAsRoot()
      try command.run()
    } catch let answer where root.exitCode(for: answer).isSuccess {
      try Terminal.output(root.fullMessage(for: answer))
    }
  }
}
