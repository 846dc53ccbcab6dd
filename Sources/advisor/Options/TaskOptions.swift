import AdvisorCore
import ArgumentParser
import System
import Tasks

/// How a command's tasks are run.
struct TaskOptions: ParsableArguments {
  @OptionGroup var given: InputOptions
  @OptionGroup var printed: TaskOutputOptions
  @OptionGroup var records: RecordOptions
  @OptionGroup var share: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Try a failed task so many times more (default: 0; downloads 3, if it may pass).", valueName: "n"))
  var retries: Int?

  @Option(
    help: ArgumentHelp(
      "Wait so long before the first further try, and twice as long before each one after it.", valueName: "time"))
  var retryDelay: String?

  @Option(
    help: ArgumentHelp(
      "Stop a task that takes longer, such as 30s; 300%: than three times the median of those before.",
      valueName: "time"))
  var timeout: TimeLimit?

  @Option(
    help: ArgumentHelp(
      "End early: never, soon,fail=1, now,fail=10%, now,success=1, soon,done=50% … soon lets running tasks end.",
      valueName: "when"))
  var halt: String?

  @Option(help: ArgumentHelp("Add to the tasks' niceness; 19 is the most modest.", valueName: "n"))
  var nice: Int32 = 0

  @Option(
    name: .customLong("env"),
    help: ArgumentHelp(
      "Set a variable for the tasks; with a name alone, insist that it is set.", valueName: "name=value"))
  var environment: [String] = []

  @Option(name: .customLong("cwd"), help: ArgumentHelp("Run the tasks in this folder.", valueName: "dir"))
  var directory: String?

  @Flag(help: "Print the commands instead of running them.")
  var dryRun = false

  func validate() throws {
    if given.longestFirst, printed.keepOrder {
      throw ValidationError("--longest-first changes the order that --keep-order keeps: leave one of them out.")
    }
    if let retries, retries < 0 { throw ValidationError("--retries \(retries): give 0 or more.") }
    if let retryDelay, Quantity.seconds(retryDelay).map({ $0 > 0 }) != true {
      throw ValidationError(
        "--retry-delay \(retryDelay.printable): give a time above zero with its unit, such as 30s.")
    }
    if !(-20...19).contains(nice) { throw ValidationError("--nice \(nice): give a number from -20 to 19.") }
  }

  /// A variable with its value, for tasks that run elsewhere.
  func variable(_ entry: String) throws(AdvisorError) -> String {
    if entry.contains("=") { return entry }
    guard let value = Environment.value(entry) else {
      throw AdvisorError(
        .usage, "--env \(entry.printable): there is no such variable", advice: "write --env NAME=VALUE to set one")
    }
    return "\(entry)=\(value)"
  }

  /// Sets the variables in this process, whose environment its tasks get.
  func setEnvironment() throws(AdvisorError) {
    for entry in environment {
      let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let isSet = parts.count == 2 ? Environment.set(parts[0], to: parts[1]) : Environment.value(entry) != nil
      guard isSet else {
        throw AdvisorError(
          .usage, "--env \(entry.printable): there is no such variable", advice: "write --env NAME=VALUE to set one")
      }
    }
  }

  /// - Parameter machine: nil where it is not known yet; its limits are then set later.
  func commandOptions(_ machine: Machine?, workers: Int?, json: Bool) throws -> CommandOptions {
    var options = CommandOptions()
    options.workers = workers
    if let machine { options.limits = CommandLimits(machine) }
    options.retries = retries ?? 0
    if let delay = retryDelay.flatMap({ Quantity.seconds($0) }) { options.retryDelaySeconds = delay }
    options.timeout = timeout?.value
    options.halt = try halt.flatMap { text throws(AdvisorError) in try CommandHalt.parse(text) }
    options.niceness = nice
    options.directory = try existing(directory)
    given.apply(to: &options)
    printed.apply(to: &options)
    records.apply(to: &options)
    // One document on stdout: what the tasks say goes beside it.
    if json { options.output = StandardStream.error }
    return options
  }

  private func existing(_ folder: String?) throws(AdvisorError) -> String? {
    guard let folder else { return nil }
    guard FileAccess.canExecute(folder) else {
      throw AdvisorError(
        .badData, "--cwd \(folder.printable): \(Errno.last.text)",
        advice: "name a folder that exists and that you may enter")
    }
    return folder
  }
}
