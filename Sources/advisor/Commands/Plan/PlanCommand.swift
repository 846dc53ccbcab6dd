import ArgumentParser

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "plan",
    abstract: "Sizes machines for a load, a deadline or a forecast.",
    subcommands: [
      QueueCommand.self, NetworkCommand.self, FleetCommand.self, BatchCommand.self, ForecastCommand.self,
      ScriptCommand.self,
    ])
}
