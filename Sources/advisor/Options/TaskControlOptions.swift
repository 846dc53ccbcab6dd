import AdvisorCore
import ArgumentParser
import System
import Tasks

/// Retries, limits and surroundings of a task.
struct TaskControlOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Attempts per task (default: 1; downloads 4).", valueName: "n"))
  var retries: Int?

  @Option(
    help: ArgumentHelp("Delay before the first retry; doubles each time.", valueName: "time", visibility: .rare))
  var retryDelay: String?

  @Option(help: ArgumentHelp("Stop a task after 30s, or after 300% of the median.", valueName: "time|%"))
  var timeout: TimeLimit?

  @Option(help: ArgumentHelp("End early: soon,fail=1; now,fail=10%; now,done=50% …", valueName: "when"))
  var halt: String?

  @Option(
    help: ArgumentHelp("Threads that start commands; 0 is the runner's own.", valueName: "n", visibility: .rare))
  var spawners: Int?

  @Option(help: ArgumentHelp("Niceness; 19 is the lowest priority.", valueName: "n"))
  var nice: Int32 = 0

  @Option(
    name: .customLong("env"),
    help: ArgumentHelp("Set a variable; name alone: fail if it is unset.", valueName: "name=value"))
  var environment: [String] = []

  @Option(name: .customLong("cwd"), help: ArgumentHelp("Run the tasks in this folder.", valueName: "dir"))
  var directory: String?

  func validate() throws {
    if let retries, retries < 0 { throw ValidationError("--retries \(retries): give 0 or more.") }
    if let retryDelay, Quantity.seconds(retryDelay).map({ $0 > 0 }) != true {
      throw ValidationError(
        "--retry-delay \(retryDelay.printable): give a time above zero with its unit, such as 30s.")
    }
    if let spawners, !(0...64).contains(spawners) {
      throw ValidationError("--spawners \(spawners): give a number from 0 to 64.")
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
      let isSet = parts.count == 2 ? Environment.set(parts[0], to: parts[1]) : Self.isSet(entry)
      guard isSet else {
        throw AdvisorError(
          .usage, "--env \(entry.printable): there is no such variable", advice: "write --env NAME=VALUE to set one")
      }
    }
  }

  /// A variable, or a function that bash has exported; `_` stands for all in GNU parallel.
  private static func isSet(_ name: String) -> Bool {
    name == "_" || Environment.value(name) != nil || Environment.value("BASH_FUNC_\(name)%%") != nil
  }

  func apply(to options: inout TaskOptions) throws {
    options.retries = max(0, (retries ?? 1) - 1)
    if let delay = retryDelay.flatMap({ Quantity.seconds($0) }) { options.retryDelaySeconds = delay }
    options.timeout = timeout?.value
    options.halt = try halt.flatMap { text throws(AdvisorError) in try RunHalt.parse(text) }
    options.niceness = nice
    options.spawners = spawners
    options.directory = try existing(directory)
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
