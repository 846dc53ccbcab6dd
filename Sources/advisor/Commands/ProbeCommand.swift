import ArgumentParser

struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Prints the machine and what may be used of it.")
}
