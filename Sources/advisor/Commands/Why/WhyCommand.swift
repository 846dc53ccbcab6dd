import AdvisorCore
import ArgumentParser

struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Says what holds a process, a command or the machine back.",
    usage: "advisor why [<options>] [<pid> | -- <command> …]")

  @OptionGroup var output: OutputOptions

  init() {}

  func run() throws { try explainMachine() }

  /// The one place that asks what holds the machine itself back.
  private func explainMachine() throws {
    throw AdvisorError(.usage, "there is no process and no command", advice: "name one: advisor why -- make")
  }
}
