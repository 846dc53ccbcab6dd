import AdvisorCore
import ArgumentParser
import System
import Tasks

/// Where a command's inputs come from, and how they are put into it.
struct CommandInputOptions: ParsableArguments {
  @OptionGroup var source: InputOptions

  @Flag(name: [.customShort("0"), .customLong("null")], help: "Inputs end with a null byte, as from find -print0.")
  var null = false

  @Flag(help: "Run by /bin/sh as one line; inputs are quoted.")
  var shell = false

  func validate() throws {
    if source.hasColumns, null {
      throw ValidationError("The records of --csv and --tsv end with their lines: leave -0 out.")
    }
  }

  var form: CommandTemplate.Form { shell ? .shell : .words }

  /// The command over its inputs; once, where there are none and none are needed.
  func work(_ words: CommandLineWords, needsInputs: Bool = false) throws -> CommandWork {
    if !shell, let line = Self.shellLine(words.command) {
      throw ValidationError(
        "“\(line)” is one word, and no program has that name: leave the quotes out, or add --shell.")
    }
    let command = try TunedProject.words(words.command) ?? words.command
    if source.file == nil, words.lists.isEmpty, !InputReader.standardInputIsOffered {
      let template = try CommandTemplate(command, form: form, takesInputs: false)
      guard !template.namesInputs, !null, !source.hasColumns, !needsInputs else { throw Self.noInputs }
      return CommandWork(template: template, inputs: try TaskInputs())
    }
    let stream = try source.stream(beside: words.lists, separator: null ? .null : .newline)
    let template = try CommandTemplate(command, columns: (stream as? CSVReader)?.names ?? [], form: form)
    return CommandWork(template: template, inputs: try TaskInputs(lists: words.lists, stream: stream))
  }

  private static let noInputs = ValidationError(
    "There are no inputs: write them after :::, name --inputs FILE, or pipe them in.")

  /// A whole command line given as one word, as other runners hand it to a shell; nil where it may be a program's name.
  private static func shellLine(_ command: [[UInt8]]) -> String? {
    guard command.count == 1, let word = command.first.map({ String(decoding: $0, as: UTF8.self) }), word.contains(" "),
      !FileAccess.canExecute(word)
    else { return nil }
    return word.printable
  }
}

/// A command with the inputs that it runs over.
struct CommandWork {
  var template: CommandTemplate
  var inputs: TaskInputs
  var blocks: (any InputBlocks)?
}

/// A command after `--`. Its words are read as bytes from the process's own arguments: see `CommandLineWords`.
struct CommandArgument: ParsableArguments {
  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("After --; {} is an input, ::: starts a list of them.", valueName: "command"))
  var command: [String] = []
}

/// Whether commands are printed rather than run.
struct DryRunOptions: ParsableArguments {
  @Flag(help: "Print what would run instead of running it.")
  var dryRun = false
}
