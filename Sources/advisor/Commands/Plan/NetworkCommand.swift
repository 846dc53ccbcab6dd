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
    usage: "advisor plan network <file> [--json]",
    discussion: """
      The file names stations and classes of requests, open or closed:

        {"stations": [{"name": "cpu", "servers": 2, "demands": {"web": "20ms"}},
                      {"name": "disk", "visits": 3, "serviceTime": "8ms"},
                      {"name": "network", "servers": "delay", "demand": "5ms"}],
         "classes": [{"name": "web", "arrivalRate": "30/s"},
                     {"name": "clerks", "users": 20, "thinkTime": "10s"}]}

      Or it is a table, with a column for each class:

        station,servers,web,clerks
        cpu,2,20ms,
        disk,1,24ms,8ms
        arrival rate,,30/s,
        users,,,20
        think time,,,10s

      A demand is the time that a request needs at a station in all; it may be one
      for all classes, or one for each. Exact for single servers and delays, and
      for several servers where all classes are open, or all are closed.
      """)

  @Argument(help: ArgumentHelp("Stations and classes, as JSON or a table.", valueName: "file")) var file: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    let network = try QueueingNetwork(JSONDocument.contents(of: file), file: file)
    let plan = try NetworkPlan(network)
    try output.show(plan, as: TextReport.network(plan))
  }
}
