import AdvisorCore
import ArgumentParser
import System
import Tasks

/// Where inputs come from: the lines or records of a file, or of standard input.
struct InputOptions: ParsableArguments {
  @Option(
    name: .customLong("inputs"),
    help: ArgumentHelp("Read inputs from this file, one per line; - is stdin.", valueName: "file"))
  private var files: [String] = []

  @Flag(help: "Inputs are CSV; a header names the columns.")
  var csv = false

  @Flag(help: "Inputs are tab-separated, without quoting.")
  var tsv = false

  var file: String? { files.first }

  var hasColumns: Bool { csv || tsv }

  func validate() throws {
    guard files.count < 2 else {
      throw ValidationError("Give one file of inputs: cat FILE… | advisor … --inputs - … joins several.")
    }
    if csv, tsv { throw ValidationError("Give --csv or --tsv, not both.") }
  }

  /// The inputs that a file or standard input holds, for commands; nil where they are `lists` alone.
  func stream(beside lists: [InputList], separator: InputReader.Separator) throws -> (any InputStream)? {
    if let file, file != "-" { return try records(InputReader(path: file, separator: separator)) }
    guard lists.isEmpty || file == "-" else {
      guard !hasColumns else {
        throw ValidationError("--csv and --tsv read a file or standard input: name it with --inputs FILE.")
      }
      return nil
    }
    return try records(InputReader(standardInput: separator))
  }

  private func records(_ reader: InputReader) throws(AdvisorError) -> any InputStream {
    hasColumns ? try CSVReader(reader, isTabbed: tsv) : reader
  }

  /// JSON values: a line of a file or of standard input each, words after `:::`, or rows of CSV as objects.
  func jsonInputs() throws -> CommandInputs {
    if let words = try CommandLineWords.listsAfterTerminator() {
      guard file == nil else {
        throw ValidationError("Give the inputs once: with --inputs, or after :::, not both.")
      }
      return try CommandInputs(lists: [try JSONInputs.list(words)])
    }
    guard file != nil || InputReader.standardInputIsOffered else {
      throw ValidationError("There are no inputs: name --inputs FILE, pipe JSON lines in, or write them after -- :::")
    }
    let path = file ?? "-"
    let reader = path == "-" ? InputReader(standardInput: .newline) : try InputReader(path: path)
    return try CommandInputs(stream: hasColumns ? CSVObjects(CSVReader(reader, isTabbed: tsv)) : JSONInputs(reader))
  }
}
