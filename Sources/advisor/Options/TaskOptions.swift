import AdvisorCore
import ArgumentParser
import Execution
import Glibc

/// How a command's tasks are run.
struct TaskOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Read inputs from this file, one a line; - is standard input.", valueName: "file"))
  var inputs: String?

  @Flag(
    name: [.customShort("0"), .customLong("null")], help: "Inputs end with a null byte, as find -print0 writes them.")
  var null = false

  @Flag(name: .shortAndLong, help: "Print outputs in the order of the inputs.")
  var keepOrder = false

  @Flag(help: "Start each line of output with its input.")
  var tag = false

  @Flag(inversion: .prefixedNo, help: "Keep each task's output together.")
  var group = true

  @Option(
    help: ArgumentHelp(
      "Try a failed task so many times more (default: 0; downloads 3, if it may pass).", valueName: "n"))
  var retries: Int?

  @Option(help: ArgumentHelp("Stop a task that takes longer, such as 30s.", valueName: "time"))
  var timeout: String?

  @Flag(help: "Start no more tasks after the first failure.")
  var haltOnFailure = false

  @Option(
    name: .customLong("joblog"), help: ArgumentHelp("Log ended tasks in GNU parallel's columns.", valueName: "file"))
  var jobLog: String?

  @Option(help: ArgumentHelp("Keep which tasks have ended, for --resume.", valueName: "file"))
  var journal: String?

  @Flag(help: "Leave out what the journal says has ended.")
  var resume = false

  @Flag(help: "Leave out what the journal says has succeeded; what failed runs again.")
  var resumeFailed = false

  @Flag(help: "Print the commands instead of running them.")
  var dryRun = false

  func validate() throws {
    if let retries, retries < 0 { throw ValidationError("--retries \(retries): give 0 or more.") }
    if let timeout, Quantity.seconds(timeout).map({ $0 > 0 }) != true {
      throw ValidationError("--timeout \(timeout.printable): give a time above zero with its unit, such as 30s.")
    }
  }

  /// The sources of inputs: the lists after `:::`, a file, or standard input where it is no terminal.
  func sources(_ words: CommandLineWords) throws -> CommandInputs {
    let separator: InputReader.Separator = null ? .null : .newline
    if let inputs, inputs != "-" {
      return try CommandInputs(lists: words.lists, stream: InputReader(path: inputs, separator: separator))
    }
    guard words.lists.isEmpty || inputs == "-" else { return try CommandInputs(lists: words.lists) }
    guard inputs == "-" || isatty(STDIN_FILENO) == 0 else {
      throw ValidationError("There are no inputs: write them after :::, name --inputs FILE, or pipe them in.")
    }
    return try CommandInputs(lists: words.lists, stream: InputReader(standardInput: separator))
  }

  func commandOptions(_ machine: Machine, workers: Int?, json: Bool) -> CommandOptions {
    var options = CommandOptions()
    options.workers = workers
    options.limits = CommandLimits(machine)
    options.keepsOrder = keepOrder
    options.tags = tag
    options.groups = group
    options.retries = retries ?? 0
    options.timeoutSeconds = timeout.flatMap { Quantity.seconds($0) }
    options.jobLog = jobLog
    options.journal = journal
    options.resume = resumeFailed ? .succeeded : resume ? .ended : nil
    if haltOnFailure { options.halt = .soon(failures: 1) }
    // One document on stdout: what the tasks say goes beside it.
    if json { options.output = STDERR_FILENO }
    return options
  }
}
