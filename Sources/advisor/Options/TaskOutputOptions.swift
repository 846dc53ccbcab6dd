import ArgumentParser
import Tasks

/// What becomes of what the tasks write.
struct TaskOutputOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print outputs in the order of the inputs.")
  var keepOrder = false

  @Flag(help: "Start each line of output with its input.")
  var tag = false

  @Flag(inversion: .prefixedNo, help: "Keep each task's output together.")
  var group = true

  @Flag(help: "Print each line as soon as it is whole, not when its task has ended.")
  var lineBuffer = false

  @Option(
    help: ArgumentHelp(
      "Keep outputs and exit statuses in files instead: dir/1/INPUT/stdout, stderr, exit.", valueName: "dir"))
  var results: String?

  func validate() throws {
    if lineBuffer, !group { throw ValidationError("Give --line-buffer or --no-group, not both.") }
    if keepOrder, lineBuffer || !group {
      throw ValidationError("--keep-order keeps each output until its turn: leave --line-buffer and --no-group out.")
    }
    if tag, !group { throw ValidationError("--tag needs to see the lines: leave --no-group out.") }
    if results != nil, keepOrder || tag || lineBuffer || !group {
      throw ValidationError("--results prints nothing: leave --keep-order, --tag, --line-buffer and --no-group out.")
    }
  }

  func apply(to options: inout CommandOptions) {
    options.keepsOrder = keepOrder
    options.tags = tag
    options.grouping = lineBuffer ? .lines : group ? .tasks : .none
    options.results = results
  }
}
