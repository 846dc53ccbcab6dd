import AdvisorCore
import ArgumentParser
import Tasks

/// What one call of a command gets of the inputs, and in which order.
struct CallOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Inputs per call; auto: some 100 ms of work.", valueName: "n|auto"))
  var batch: String?

  @Flag(help: "Start the longest first, by --joblog or by file size.")
  var longestFirst = false

  @OptionGroup var pipe: PipeOptions

  @Option(
    name: .customShort("N", allowingJoined: true),
    help: ArgumentHelp("Records in a block of --pipe.", valueName: "n", visibility: .rare))
  var records: Int?

  @Option(
    help: ArgumentHelp(
      "Lines that each block of --pipe begins with: `:` or a number.", valueName: "n", visibility: .rare))
  var header: String?

  func validate() throws {
    if let batch, batch != "auto", Int(batch).map({ $0 > 0 }) != true {
      throw ValidationError("--batch \(batch.printable): give auto or a number of inputs, 1 or more.")
    }
    if let records, records < 1 { throw ValidationError("-N \(records): give 1 record or more.") }
    if records != nil || header != nil, !pipe.isGiven {
      throw ValidationError("-N and --header are for blocks: add --pipe or --pipe-part FILE.")
    }
    if pipe.isGiven, longestFirst || batch != nil {
      throw ValidationError("Blocks of --pipe are about equal, one a call: leave --longest-first and --batch out.")
    }
    if longestFirst, batch != nil {
      throw ValidationError("Calls of --batch are about equal: leave --longest-first out.")
    }
  }

  func apply(to options: inout TaskOptions) {
    options.batch = batch.map { text in Int(text).map { .count($0) } ?? .auto }
  }

  /// The command over its inputs, or over blocks of data.
  func work(_ words: CommandLineWords, _ inputs: CommandInputOptions, _ options: TaskOptions) throws -> CommandWork {
    guard pipe.isGiven else { return try inputs.work(words, needsInputs: batch != nil || longestFirst) }
    guard words.lists.isEmpty else {
      throw ValidationError("--pipe and --pipe-part make the inputs themselves: leave ::: out.")
    }
    let blocks = try pipe.blocks(
      records: records,
      headerLines: try header.map { text throws(AdvisorError) in try RecordRule.headerLines(text) } ?? 0,
      options, isRecorded: options.journal != nil)
    return CommandWork(
      template: try CommandTemplate(words.command, form: inputs.form, takesInputs: false),
      inputs: try TaskInputs(stream: blocks), blocks: blocks)
  }
}
