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
    abstract: "Says until when the capacity holds.",
    discussion: "The history is a CSV file with a column of dates (or numbers) and one of loads.")

  @Option(help: ArgumentHelp("The load so far.", valueName: "file.csv")) var history: String
  @Option(
    help: ArgumentHelp(
      "Of several series in the file the one to read: a column of loads, or what a column of names says.",
      valueName: "name"))
  var series: [String] = []
  @Option(help: ArgumentHelp("The highest load the system can serve.", valueName: "load")) var capacity: Double
  @Option(help: ArgumentHelp("Share of the capacity to keep free.", valueName: "share")) var headroom = Share(0)
  @Option(help: ArgumentHelp("Of the prediction interval.", valueName: "share")) var level = Share(0.9)
  @Option(help: ArgumentHelp("Steps ahead to list.", valueName: "n")) var horizon = 30
  @Option(help: "The trend; without it the likelier one.") var model: LoadForecast.Model?
  @OptionGroup var form: OutputOptions

  func validate() throws {
    guard (0...100_000).contains(horizon) else {
      throw ValidationError("--horizon \(horizon): list between 0 and 100000 steps ahead.")
    }
  }

  func run() throws {
    let loads = try LoadHistory(csv: [UInt8](JSONDocument.contents(of: history)), file: history, series: series)
    let forecast = try LoadForecast(
      loads, capacity: capacity, headroom: headroom.value, level: level.value, horizon: horizon, model: model)
    try form.show(forecast, as: TextReport.forecast(forecast))
  }
}
