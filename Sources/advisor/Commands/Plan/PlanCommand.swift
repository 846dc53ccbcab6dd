import ArgumentParser

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "plan",
    abstract: "Sizes machines for a load, a deadline or a forecast.",
    discussion: """
        advisor plan fleet --arrival-rate 9/s --service-time 1s --p95-response 3s
        advisor plan batch --job cpu:4000x300ms --deadline 5min
        advisor plan forecast --history load.csv --capacity 250

      advisor report writes the answers of fleet and forecast as a page.
      """,
    subcommands: [
      QueueCommand.self, NetworkCommand.self, FleetCommand.self, BatchCommand.self, ForecastCommand.self,
      ScriptCommand.self,
    ])
}
