import AdvisorCore
public import ArgumentParser
import System
public import Tasks

/// Rare options that GNU parallel has too, by its names and with its meaning.
struct ParallelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Split inputs into {1}, {2} … at this regular expression.", valueName: "regex"))
  var colsep: String?

  @Option(
    help: ArgumentHelp("`:`: the first input of each source names it; of --pipe, lines to repeat.", valueName: ":"))
  var header: String?

  @Option(
    name: [.customShort("N"), .long],
    help: ArgumentHelp("Inputs per call, as {1}, {2} …; records per block of --pipe.", valueName: "n"))
  var records: Int?

  @Option(help: ArgumentHelp("Lines per call (-L).", valueName: "n"))
  var maxLines: Int?

  @Option(help: ArgumentHelp("Bytes of a command line at most (-s).", valueName: "n"))
  var maxChars: Int?

  @Flag(help: "As many inputs per call as fit (--xargs).")
  var full = false

  @Flag(help: "The same, spread over the workers at the end (-m).")
  var spread = false

  @Flag(help: "The same, and repeat the word with {} for each input (-X).")
  var contextReplace = false

  @Flag(help: "Link all sources; shorter ones start again.")
  var link = false

  @Flag(help: "Run the tasks in random order.")
  var shuf = false

  @Option(help: ArgumentHelp("What inputs end with, instead of a newline (-d).", valueName: "c"))
  var delimiter: String?

  @Option(help: ArgumentHelp("Stop reading a source at this input (-E).", valueName: "text"))
  var eof: String?

  @Option(help: ArgumentHelp("Trim blanks of inputs: l, r, lr or n.", valueName: "where"))
  var trim: InputFormat.Trim = .none

  @Option(help: ArgumentHelp("What stands for {} (-I).", valueName: "text"))
  var replace: String?

  @Option(help: ArgumentHelp("What stands for another: .=,, is {.}.", valueName: "name=text"))
  var replacement: [String] = []

  @Flag(help: "Add {%.gz}, {#start}, {:2}, {:2:3}, {:-default}, {/a/b}, {^a}, {,A}.")
  var plus = false

  @Flag(help: "Take the words of a command as they are, without -- too (-q).")
  var quote = false

  @Option(help: ArgumentHelp("What starts a list of inputs, instead of :::.", valueName: "text"))
  var argSep: String?

  @Option(help: ArgumentHelp("What starts a list of files, instead of ::::.", valueName: "text"))
  var argFileSep: String?

  @Option(help: ArgumentHelp("Start each line of output with this text, as {}: …", valueName: "text"))
  var tagstring: String?

  @Flag(help: "Print each command before its output (-v).")
  var showCommands = false

  @Flag(help: "The same on stderr (-t, --verbose).")
  var trace = false

  @Option(
    help: ArgumentHelp("Time from the start of a task to that of the next.", valueName: "time"),
    transform: Seconds.init(typed:))
  var delay: Seconds?

  @Flag(help: "Run again what has failed by --joblog FILE, and nothing else.")
  var retryFailed = false

  func validate() throws {
    for (name, value, least) in [("-N", records, 0), ("-L", maxLines, 1), ("-s", maxChars, 1)] {
      if let value, value < least { throw ValidationError("\(name) \(value): give \(least) or more.") }
    }
    if [full, spread, contextReplace, records != nil, maxLines != nil].count(where: \.self) > 1 {
      throw ValidationError("Give one of -N, -L, -m, -X and --xargs.")
    }
    if maxChars != nil, records != nil || maxLines != nil {
      throw ValidationError("-s bounds the calls of -n, -m, -X and --xargs: write -n in place of -N or -L.")
    }
    if let bad = replacement.first(where: { !$0.contains("=") }) {
      throw ValidationError("--replacement \(bad.printable): write NAME=TEXT, such as .=,, for {.}.")
    }
  }
}

extension InputFormat.Trim: ExpressibleByArgument {
  public init?(argument: String) { self.init(rawValue: argument == "rl" ? "lr" : argument) }
}

extension ParallelOptions {
  func apply(to options: inout TaskOptions, cpus: Double) throws {
    let calls = options.workers ?? max(1, Int(cpus.rounded(.up)))
    if full { options.batch = .full }
    if spread || contextReplace { options.batch = .spread(over: calls) }
    options.maxLineBytes = maxChars
    options.delaySeconds = delay?.value ?? 0
    options.echo = showCommands ? .output : trace ? .error : nil
    options.tag = try tagstring.map { text throws(AdvisorError) in
      var reading = CommandTemplate.Reading(takesInputs: false)
      reading.strings = strings
      return try CommandTemplate([Escapes.bytes(text)], reading)
    }
  }

  private var strings: ReplacementStrings {
    let own = replacement.map { entry in
      let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      return ReplacementStrings.Custom(parts.last ?? "", for: parts.first ?? "")
    }
    let whole = replace.map { [ReplacementStrings.Custom($0, for: "")] } ?? []
    return ReplacementStrings(custom: own + whole, hasEdits: plus)
  }

  var separators: CommandLineWords.Separators {
    var separators = CommandLineWords.Separators()
    if let argSep { separators.words = argSep }
    if let argFileSep { separators.files = argFileSep }
    return separators
  }

  /// How a command and its inputs are read.
  ///
  /// - Parameter isExact: whether the words of the command are its arguments as they are, as behind `--`.
  func shape(isExact: Bool) throws -> CommandShape {
    var shape = CommandShape()
    shape.isExact = isExact || quote
    shape.isQuoted = quote
    shape.reading.strings = strings
    shape.reading.repeatsWords = contextReplace || records != nil
    shape.reading.takesInputs = records != 0
    (shape.linksAll, shape.shuffles) = (link, shuf)
    shape.groupSize = records ?? maxLines
    shape.format.columnSeparator = colsep
    shape.format.trim = trim
    shape.format.endMark = eof.map { Array($0.utf8) }
    if let header {
      guard header == ":" else { throw ValidationError("--header \(header.printable): give `:`.") }
      shape.format.header = .first
    }
    if let delimiter { shape.format.separator = try Self.separator(delimiter) }
    return shape
  }

  private static func separator(_ text: String) throws -> InputReader.Separator {
    let escapes: [String: UInt8] = ["\\n": 10, "\\t": 9, "\\r": 13, "\\0": 0, "\\\\": 92]
    guard let byte = escapes[text] ?? (text.utf8.count == 1 ? text.utf8.first : nil) else {
      throw ValidationError(
        "-d \(text.printable): give one character, or \\n, \\t, \\0; sed makes others one of these.")
    }
    return InputReader.Separator(byte)
  }
}
