import ArgumentParser

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Says how much machine is needed, how many, and until when.",
    subcommands: [
      QueueCommand.self, FleetCommand.self, BatchCommand.self, ForecastCommand.self,
    ])
}
