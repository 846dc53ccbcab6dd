import AdvisorCore
import ArgumentParser
import System
import Tasks

/// How tasks are run and what is kept of them: commands, calls of a function, downloads with a command.
struct TaskOptions: ParsableArguments {
  @OptionGroup(title: "Output") var printed: TaskOutputOptions

  @OptionGroup(title: "Tasks") var control: TaskControlOptions

  @OptionGroup(title: "Tasks") var records: RecordOptions

  /// - Parameter machine: nil where it is not known yet; its limits are then set later.
  func commandOptions(_ machine: Machine?, workers: Int?, json: Bool) throws -> CommandOptions {
    var options = CommandOptions()
    options.workers = workers
    if let machine { options.limits = CommandLimits(machine) }
    try control.apply(to: &options)
    printed.apply(to: &options)
    records.apply(to: &options)
    // One document on stdout: what the tasks say goes beside it.
    if json { options.output = StandardStream.error }
    return options
  }
}
