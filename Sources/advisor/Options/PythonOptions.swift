import ArgumentParser
import Execution

/// How a Python function is called.
struct PythonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("With --python: the interpreter, by name or path (default: python3).", valueName: "program"))
  var interpreter: String?

  func validate(with function: String?, _ tasks: TaskOptions) throws {
    guard function != nil else {
      if interpreter != nil { throw ValidationError("--interpreter is the one of --python MODULE:FUNCTION.") }
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
