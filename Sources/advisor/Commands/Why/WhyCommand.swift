import AdvisorCore
import ArgumentParser

struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Says what holds a process, a command or the machine back.",
    usage: "advisor why [<options>] [<pid> | -- <command> …]")

  @Option(help: ArgumentHelp("How long to look.", valueName: "seconds"))
  var seconds: Double?

  @Option(help: ArgumentHelp("Compare this machine with a twin's profile.", valueName: "file"))
  var against: String?

  @OptionGroup var output: OutputOptions

  init() {}

  func validate() throws {
    if let seconds, !(0.1...3600).contains(seconds) {
      throw ValidationError("--seconds \(seconds): give 0.1 to 3600.")
    }
  }

  func run() throws { try explainMachine() }

  /// The one place that asks what holds the machine itself back.
  private func explainMachine() throws {
    try MachineWhy(seconds: seconds ?? MachineWhy.usualSeconds, against: against).explain(output)
  }
}
