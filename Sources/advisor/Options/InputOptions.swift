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

  var isFile: Bool { !files.isEmpty }

  var sources: [InputSource] { files.map { InputSource(.file($0)) } }

  var table: InputFormat.Table? { tsv ? .tabs : csv ? .csv : nil }

  var hasColumns: Bool { csv || tsv }

  func validate() throws {
    if csv, tsv { throw ValidationError("Give --csv or --tsv, not both.") }
  }

  /// JSON values: a line of a file or of standard input each, words after `:::`, or rows of CSV as objects.
  func jsonInputs() throws -> TaskInputs {
    if let words = try CommandLineWords.listsAfterTerminator() {
      guard !isFile else {
        throw ValidationError("Give the inputs once: with --inputs, or after :::, not both.")
      }
      return try TaskInputs(lists: [try JSONInputs.list(words)])
    }
    guard files.count < 2 else {
      throw ValidationError("Give one file of inputs: cat FILE… | advisor map … --inputs - joins several.")
    }
    guard isFile || InputReader.standardInputIsOffered else {
      throw ValidationError("There are no inputs: name --inputs FILE, pipe JSON lines in, or write them after -- :::")
    }
    let path = files.first ?? "-"
    let reader = path == "-" ? InputReader(standardInput: .newline) : try InputReader(path: path)
    return try TaskInputs(stream: hasColumns ? CSVObjects(CSVReader(reader, isTabbed: tsv)) : JSONInputs(reader))
  }
}
