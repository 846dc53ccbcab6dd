import AdvisorCore
public import ArgumentParser
import Console
import Documents
public import Planning
import Reports

extension LoadForecast.Model: ExpressibleByArgument {}

struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Until when the capacity holds.",
    usage: "advisor plan forecast --history <file> --capacity <load> [<options>]",
    discussion: """
      The history is a table with a column of times and one of loads: CSV, text with
      tabs, bars or blanks, or JSON, as monitoring systems, databases and
      spreadsheets write them. What was understood is said below the forecast.
      """)

  @Option(help: ArgumentHelp("Loads so far; - is standard input.", valueName: "file")) var history: String
  @Option(
    help: ArgumentHelp(
      "Column of loads to read, or a name in a column.",
      valueName: "name"))
  var series: [String] = []
  @Option(help: ArgumentHelp("Highest load the system can serve.", valueName: "load")) var capacity: LoadArgument
  @Option(help: ArgumentHelp("Share of the capacity to keep free.", valueName: "share")) var headroom = Share(0)
  @Option(help: ArgumentHelp("Level of the prediction interval.", valueName: "share")) var level = Share(0.9)
  @Option(help: ArgumentHelp("Steps ahead to list.", valueName: "n")) var horizon = 30
  @Option(help: "Trend (default: the likelier one).") var model: LoadForecast.Model?
  @OptionGroup var table: TableOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (0...100_000).contains(horizon) else {
      throw ValidationError("--horizon \(horizon): list between 0 and 100000 steps ahead.")
    }
  }

  func run() throws {
    let loads = try table.history(history, series: series)
    let forecast = try LoadForecast(
      loads, capacity: try capacity.value(in: loads, option: "--capacity"), headroom: headroom.value,
      level: level.value, horizon: horizon, model: model)
    try output.show(forecast, as: TextReport.forecast(forecast))
  }
}
