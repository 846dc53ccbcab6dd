import AdvisorCore
import ArgumentParser
import System
import Tasks

/// Where a command's inputs come from, and how they are put into it.
struct InputOptions: ParsableArguments {
  @Option(
    name: .customLong("inputs"),
    help: ArgumentHelp("Read inputs from this file, one a line; - is standard input.", valueName: "file"))
  private var inputFiles: [String] = []

  private var inputs: String? { inputFiles.first }

  @Flag(
    name: [.customShort("0"), .customLong("null")], help: "Inputs end with a null byte, as find -print0 writes them.")
  var null = false

  @Flag(help: "The inputs are CSV with a header: {name} stands for a column.")
  var csv = false

  @Flag(help: "The same with tabs between the columns; quotes are characters like others.")
  var tsv = false

  @Option(
    help: ArgumentHelp("Cut this file at line ends, and feed each part to a task's standard input.", valueName: "file"))
  var pipePart: String?

  @Option(help: ArgumentHelp("Make parts of about this size, such as 64MiB.", valueName: "size"))
  var block: String?

  @Option(help: ArgumentHelp("Put so many inputs into one call; auto: some 100 ms of work.", valueName: "auto|n"))
  var batch: String?

  @Flag(help: "Start what takes longest first: by the --joblog of an earlier run, else by the size of input files.")
  var longestFirst = false

  @Flag(help: "Have /bin/sh run the command as one line; inputs are quoted.")
  var shell = false

  func validate() throws {
    if let batch, batch != "auto", Int(batch).map({ $0 > 0 }) != true {
      throw ValidationError("--batch \(batch.printable): give auto or a number of inputs, 1 or more.")
    }
    if let block, Quantity.bytes(block).map({ $0 >= 1 }) != true {
      throw ValidationError("--block \(block.printable): give a size such as 64MiB.")
    }
    if block != nil, pipePart == nil { throw ValidationError("--block is the size of the parts of --pipe-part FILE.") }
    guard inputFiles.count < 2 else {
      throw ValidationError("Give one file of inputs: cat FILE… | advisor run --inputs - … joins several.")
    }
    if csv, tsv { throw ValidationError("Give --csv or --tsv, not both.") }
    if pipePart != nil, inputs != nil || hasColumns || null || batch != nil {
      throw ValidationError("--pipe-part makes the inputs itself: leave --inputs, --csv, --tsv, -0 and --batch out.")
    }
    if longestFirst, pipePart != nil || batch != nil {
      throw ValidationError("Parts of --pipe-part and calls of --batch are about equal: leave --longest-first out.")
    }
    if hasColumns, null { throw ValidationError("The records of --csv and --tsv end with their lines: leave -0 out.") }
  }

  private var hasColumns: Bool { csv || tsv }

  /// Whether inputs are asked for that downloads cannot be.
  var readsOtherInputs: Bool {
    inputs != nil || null || hasColumns || pipePart != nil || block != nil || batch != nil || longestFirst
  }

  /// Whether any of them is given.
  var isGiven: Bool { readsOtherInputs || shell }

  func apply(to options: inout CommandOptions) {
    options.batch = batch.map { text in Int(text).map { .count($0) } ?? .auto }
  }

  /// The command with the inputs that it is to be run over.
  struct Work {
    var template: CommandTemplate
    var inputs: CommandInputs
    var parts: FileParts?
  }

  func work(_ words: CommandLineWords, _ limits: CommandLimits) throws -> Work {
    let form = shell ? CommandTemplate.Form.shell : .words
    if let pipePart {
      guard words.lists.isEmpty else { throw ValidationError("--pipe-part makes the inputs itself: leave ::: out.") }
      let bytes = block.flatMap { Quantity.bytes($0) }.map { Int(min($0, 1e15)) }
      let parts = try FileParts(path: pipePart, partBytes: bytes, limits: limits)
      return Work(
        template: try CommandTemplate(words.command, form: form, takesInputs: false),
        inputs: try CommandInputs(stream: parts), parts: parts)
    }
    if !shell, let line = Self.shellLine(words.command) {
      throw ValidationError(
        "“\(line)” is one word, and no program has that name: leave the quotes out, or add --shell.")
    }
    if inputs == nil, words.lists.isEmpty, !InputReader.standardInputIsOffered {
      return try single(CommandTemplate(words.command, form: form, takesInputs: false))
    }
    let stream = try stream(words)
    let template = try CommandTemplate(words.command, columns: (stream as? CSVReader)?.names ?? [], form: form)
    return Work(template: template, inputs: try CommandInputs(lists: words.lists, stream: stream))
  }

  /// A command where nobody offers inputs: it runs once, unless it asks for some.
  private func single(_ template: CommandTemplate) throws -> Work {
    guard !template.namesInputs, !null, !hasColumns, batch == nil, !longestFirst else { throw Self.noInputs }
    return Work(template: template, inputs: try CommandInputs())
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

  /// A file, or standard input where there is no list after `:::`.
  private func stream(_ words: CommandLineWords) throws -> (any InputStream)? {
    let separator: InputReader.Separator = null ? .null : .newline
    if let inputs, inputs != "-" {
      return try stream(of: InputReader(path: inputs, separator: separator))
    }
    guard words.lists.isEmpty || inputs == "-" else {
      guard !hasColumns else {
        throw ValidationError("--csv and --tsv read a file or standard input: name it with --inputs FILE.")
      }
      return nil
    }
    return try stream(of: InputReader(standardInput: separator))
  }

  private func stream(of reader: InputReader) throws(AdvisorError) -> any InputStream {
    hasColumns ? try CSVReader(reader, isTabbed: tsv) : reader
  }

  /// JSON values: a line of a file or of standard input each, words after `:::`, or rows of CSV as objects.
  func jsonInputs() throws -> CommandInputs {
    let words = try CommandLineWords.listsAfterTerminator()
    if let words {
      guard inputs == nil else {
        throw ValidationError("Give the inputs once: with --inputs, or after :::, not both.")
      }
      return try CommandInputs(lists: [try JSONInputs.list(words)])
    }
    guard inputs != nil || InputReader.standardInputIsOffered else {
      throw ValidationError("There are no inputs: name --inputs FILE, pipe JSON lines in, or write them after -- :::")
    }
    let path = inputs ?? "-"
    let reader = path == "-" ? InputReader(standardInput: .newline) : try InputReader(path: path)
    return try CommandInputs(stream: hasColumns ? CSVObjects(CSVReader(reader, isTabbed: tsv)) : JSONInputs(reader))
  }
}
