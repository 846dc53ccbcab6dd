import ArgumentParser

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Sizes machines for a load, a deadline or a forecast.",
    subcommands: [
      QueueCommand.self, FleetCommand.self, BatchCommand.self, ForecastCommand.self, ScriptCommand.self,
    ])
}
