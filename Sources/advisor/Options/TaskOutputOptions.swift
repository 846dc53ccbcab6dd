import AdvisorCore
import ArgumentParser
import Tasks

/// What becomes of the outputs of tasks and calls.
struct TaskOutputOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print outputs in the order of the inputs.")
  var keepOrder = false

  @Flag(help: "Start each line of output with its input.")
  var tag = false

  @Option(
    help: ArgumentHelp("Write outputs to <dir>/1/INPUT/stdout … or x.csv.", valueName: "dir"))
  var results: String?

  @Option(
    help: ArgumentHelp(
      "Disk for what waits for its turn (default: half).", valueName: "bytes",
      visibility: .rare))
  var spoolLimit: String?

  func validate() throws {
    if let spoolLimit, Quantity.bytes(spoolLimit).map({ $0 >= 1 }) != true {
      throw ValidationError("--spool-limit \(spoolLimit.printable): give a size such as 10GiB.")
    }
    if let results, results.contains("{") {
      throw ValidationError(
        "--results \(results.printable): name a folder, which gets DIR/1/INPUT/stdout, or a file that ends in .csv or .tsv."
      )
    }
  }

  func apply(to options: inout TaskOptions) {
    options.keepsOrder = keepOrder
    options.tags = tag
    options.results = results
    options.spoolLimit = spoolLimit.flatMap { Quantity.bytes($0) }.map { Int(min($0, 1e15)) }
  }
}

/// When a command's output is printed: a function's result is whole when its call ends.
struct GroupingOptions: ParsableArguments {
  @Flag(help: "Print each line once it is complete.")
  var lineBuffer = false

  @Flag(inversion: .prefixedNo, help: "Keep each task's output together.")
  var group = true

  func validate() throws {
    if lineBuffer, !group { throw ValidationError("Give --line-buffer or --no-group, not both.") }
  }

  func validate(with printed: TaskOutputOptions) throws {
    guard lineBuffer || !group else { return }
    if printed.keepOrder, !group {
      throw ValidationError("--keep-order keeps each output until its turn: leave --no-group out.")
    }
    if printed.tag, !group { throw ValidationError("--tag needs to see the lines: leave --no-group out.") }
    if printed.results != nil {
      throw ValidationError("--results prints nothing: leave --line-buffer and --no-group out.")
    }
  }

  func apply(to options: inout TaskOptions) {
    // In order there is nothing to mix lines with: the bytes are the same.
    options.grouping = lineBuffer && !options.keepsOrder ? .lines : group ? .tasks : .none
  }
}
