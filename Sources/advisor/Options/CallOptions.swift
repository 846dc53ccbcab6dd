import AdvisorCore
import ArgumentParser
import Tasks

/// What one call of a command gets of the inputs, and in which order.
struct CallOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Inputs per call; auto: some 100 ms of work.", valueName: "n|auto"))
  var batch: String?

  @Flag(help: "Start the longest first, by --joblog or by file size.")
  var longestFirst = false

  @Option(help: ArgumentHelp("Split a file at line ends, one part per task's stdin.", valueName: "file"))
  var pipePart: String?

  @Option(help: ArgumentHelp("Size of the parts of --pipe-part, such as 64MiB.", valueName: "bytes"))
  var block: String?

  func validate() throws {
    if let batch, batch != "auto", Int(batch).map({ $0 > 0 }) != true {
      throw ValidationError("--batch \(batch.printable): give auto or a number of inputs, 1 or more.")
    }
    if let block, Quantity.bytes(block).map({ $0 >= 1 }) != true {
      throw ValidationError("--block \(block.printable): give a size such as 64MiB.")
    }
    if block != nil, pipePart == nil { throw ValidationError("--block is the size of the parts of --pipe-part FILE.") }
    if longestFirst, pipePart != nil || batch != nil {
      throw ValidationError("Parts of --pipe-part and calls of --batch are about equal: leave --longest-first out.")
    }
  }

  func validate(with inputs: CommandInputOptions) throws {
    if pipePart != nil, inputs.source.file != nil || inputs.source.hasColumns || inputs.null || batch != nil {
      throw ValidationError("--pipe-part makes the inputs itself: leave --inputs, --csv, --tsv, -0 and --batch out.")
    }
  }

  func apply(to options: inout CommandOptions) {
    options.batch = batch.map { text in Int(text).map { .count($0) } ?? .auto }
  }

  /// The command over its inputs, or over the parts of a file.
  func work(_ words: CommandLineWords, _ inputs: CommandInputOptions, _ limits: CommandLimits) throws -> CommandWork {
    guard let pipePart else { return try inputs.work(words, needsInputs: batch != nil || longestFirst) }
    guard words.lists.isEmpty else { throw ValidationError("--pipe-part makes the inputs itself: leave ::: out.") }
    let bytes = block.flatMap { Quantity.bytes($0) }.map { Int(min($0, 1e15)) }
    let parts = try FileParts(path: pipePart, partBytes: bytes, limits: limits)
    return CommandWork(
      template: try CommandTemplate(words.command, form: inputs.form, takesInputs: false),
      inputs: try CommandInputs(stream: parts), parts: parts)
  }
}
