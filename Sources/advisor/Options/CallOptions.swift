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

  func validate() throws {
    if let batch, batch != "auto", Int(batch).map({ $0 > 0 }) != true {
      throw ValidationError("--batch \(batch.printable): give auto or a number of inputs, 1 or more.")
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
  ///
  /// - Parameter isExact: whether the words of the command are its arguments as they are.
  func work(
    _ words: CommandLineWords, _ inputs: CommandInputOptions, _ parallel: ParallelOptions, isExact: Bool,
    _ options: TaskOptions
  ) throws -> CommandWork {
    guard pipe.isGiven else {
      return try inputs.work(
        words, try parallel.shape(isExact: isExact), needsInputs: options.batch != nil || longestFirst)
    }
    // GNU parallel's --pipepart has its file among the inputs.
    guard words.sources.allSatisfy({ $0.origin == .file(pipe.pipePart ?? "") }) else {
      throw ValidationError("--pipe and --pipe-part make the inputs themselves: leave ::: out.")
    }
    if let records = parallel.records, records < 1 { throw ValidationError("-N \(records): give 1 record or more.") }
    let headerLines = try parallel.header.map { text throws(AdvisorError) in try RecordRule.headerLines(text) }
    let blocks = try pipe.blocks(
      records: parallel.records, headerLines: headerLines ?? 0, options, isRecorded: options.journal != nil)
    return CommandWork(
      template: try inputs.template(words.command, CommandShape(isExact: isExact), takesInputs: false),
      inputs: try TaskInputs(stream: blocks), blocks: blocks)
  }
}
