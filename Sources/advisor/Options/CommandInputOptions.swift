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

  /// The command over its inputs; once, where there are none and none are needed.
  ///
  /// Without a command the inputs are lines for a shell.
  func work(
    _ words: CommandLineWords, _ shape: CommandShape = CommandShape(), needsInputs: Bool = false
  ) throws -> CommandWork {
    let isOffered = InputReader.standardInputIsOffered
    guard source.isFile || !words.sources.isEmpty || isOffered else {
      let template = try self.template(words.command, shape, takesInputs: false)
      let isShaped = null || source.hasColumns || shape.groupSize != nil || shape.format.columnSeparator != nil
      guard !template.namesInputs, !isShaped, !needsInputs else { throw Self.noInputs }
      return CommandWork(template: template, inputs: try TaskInputs())
    }
    var format = shape.format
    if null { format.separator = .null }
    format.table = source.table
    if format.header == .none, format.table != nil { format.header = .ifNamed(in: words.command) }
    let sources = source.sources + words.sources
    let (rows, names) = try TaskInputs.reading(
      sources.isEmpty ? [InputSource(.file("-"))] : sources, format, linksAll: shape.linksAll)
    var shape = shape
    shape.reading.strings.columns = names
    var inputs = rows
    if let size = shape.groupSize, size > 1 { inputs = try TaskInputs(stream: GroupedRows(inputs, size)) }
    var template = try self.template(words.command, shape, takesInputs: shape.reading.takesInputs)
    if shape.shuffles || template.namesTotal { inputs = try inputs.stored(shuffles: shape.shuffles) }
    template.setTotal(inputs.count ?? 0)
    return CommandWork(template: template, inputs: inputs, names: names)
  }

  /// How the command reads with inputs put in.
  func template(_ words: [[UInt8]], _ shape: CommandShape, takesInputs: Bool) throws -> CommandTemplate {
    // As with GNU parallel, an input that is the whole command is one.
    guard !words.isEmpty, words != [Array("{}".utf8)] || shape.isQuoted else {
      return CommandTemplate(linesFor: CommandShape.userShell)
    }
    var reading = shape.reading
    reading.takesInputs = takesInputs
    if let line = shell ? "/bin/sh" : shape.shell(for: words) { (reading.form, reading.shell) = (.shell, line) }
    return try CommandTemplate(try TunedProject.words(words) ?? words, reading)
  }

  private static let noInputs = ValidationError(
    "There are no inputs: write them after :::, name --inputs FILE, or pipe them in.")
}

/// A command with the inputs that it runs over.
struct CommandWork {
  var template: CommandTemplate
  var inputs: TaskInputs
  var blocks: (any InputBlocks)?
  /// Of its inputs, where they have any.
  var names: [String] = []
}

/// A command after `--`. Its words are read as bytes from the process's own arguments: see `CommandLineWords`.
struct CommandArgument: ParsableArguments {
  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("After --; {} is an input, ::: starts a list of them.", valueName: "command"))
  var command: [String] = []
  @OptionGroup var untold: UntoldWords

  var count: Int { command.count + untold.count }
}

/// The last words of this process's own arguments that the parser is not told of, since it takes two seconds for 10,000: its
/// time grows with their number's square. They are read where they are used.
struct UntoldWords: ParsableArguments {
  private(set) var count = 0
  /// Words behind which a command has begun, whatever its options.
  private static let maxTold = 64

  init() {}

  private enum CodingKeys: CodingKey {}

  /// Leaves out what comes behind the first words of a command.
  init(leftOutOf words: inout ArraySlice<String>) {
    let start = words.first == ExecCommand.name ? words.startIndex : words.firstIndex(of: "--") ?? words.endIndex
    count = max(0, words.endIndex - start - Self.maxTold)
    words.removeLast(count)
  }
}

/// A command that reads its last words from this process's own arguments.
protocol ReadsLastWords: ParsableCommand { var untold: UntoldWords { get set } }

/// Whether commands are printed rather than run.
struct DryRunOptions: ParsableArguments {
  @Flag(help: "Print what would run instead of running it.")
  var dryRun = false
}
