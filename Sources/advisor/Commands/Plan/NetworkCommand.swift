import AdvisorCore
import ArgumentParser
import Console
import Documents
import Planning
import Reports

struct NetworkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network",
    abstract: "Throughput and response of several stations in a row.",
    usage: "advisor plan network <file.json> [--json]",
    discussion: """
      The file names stations and classes of requests, open or closed:

        {"stations": [{"name": "cpu", "servers": 2, "demands": {"web": "20ms"}},
                      {"name": "disk", "visits": 3, "serviceTime": "8ms"},
                      {"name": "network", "servers": "delay", "demand": "5ms"}],
         "classes": [{"name": "web", "arrivalRate": "30/s"},
                     {"name": "clerks", "users": 20, "thinkTime": "10s"}]}

      A demand is the time that a request needs at a station in all; it may be one
      for all classes, or one for each. Exact for single servers and delays, and
      for several servers where all classes are open, or all are closed.
      """)

  @Argument(help: ArgumentHelp("Stations and classes.", valueName: "file.json")) var file: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    let network = try QueueingNetwork(json: JSONDocument.contents(of: file), file: file)
    let plan = try NetworkPlan(network)
    try output.show(plan, as: TextReport.network(plan))
  }
}
