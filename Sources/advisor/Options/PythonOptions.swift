public import ArgumentParser
import Engines

/// How a Python function is called.
struct PythonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The interpreter for --python, or to run Dask with, by name or path (default: python3).", valueName: "program"))
  var interpreter: String?

  @Option(
    help: ArgumentHelp(
      "How the interpreters for --python start: fork, spawn or forkserver (default: fork where that is safe).",
      valueName: "method"))
  var startMethod: PythonStart.Method?

  func validate(with function: String?, _ tasks: TaskOptions, on engine: EngineName?) throws {
    if startMethod != nil, function == nil || engine != nil {
      throw ValidationError("--start-method belongs to --python MODULE:FUNCTION on this machine.")
    }
    guard function != nil else {
      if interpreter != nil, engine != .dask {
        throw ValidationError("--interpreter belongs to --python MODULE:FUNCTION or --engine dask.")
      }
      return
    }
    let given = tasks.given
    if given.null || given.pipePart != nil || given.batch != nil || given.shell {
      throw ValidationError("--python takes a JSON value a line: leave -0, --pipe-part, --batch and --shell out.")
    }
    if tasks.printed.lineBuffer || !tasks.printed.group {
      throw ValidationError("Results come when a call has ended: leave --line-buffer and --no-group out.")
    }
    if tasks.dryRun { throw ValidationError("--dry-run prints commands, and a function is none: leave it out.") }
  }
}

extension PythonStart.Method: ExpressibleByArgument {}
