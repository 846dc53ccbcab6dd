import AdvisorCore
public import ArgumentParser
import Console
import Documents
public import Planning
import Reports

extension LoadForecast.Model: ExpressibleByArgument {}
extension LoadHistory.Period: ExpressibleByArgument {}

struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Until when the capacity holds.",
    usage: "advisor plan forecast <file> --capacity <load> [<options>]",
    discussion: """
      The history is a table with a column of times and one of loads: CSV, text with \
      tabs, bars or blanks, or JSON, as monitoring systems, databases and \
      spreadsheets write them. What was understood is said below the forecast.
      """)

  @Argument(help: ArgumentHelp("Loads so far; - is standard input.", valueName: "file")) private var file: String?
  @Option(help: ArgumentHelp("The same.", valueName: "file")) private var history: String?
  /// In `advisor report`, `--history` is another option.
  @Option(help: ArgumentHelp("The same, by its name in report.", valueName: "file", visibility: .rare))
  private var loadHistory: String?
  @Option(
    help: ArgumentHelp(
      "Column of loads to read, or a name in a column.",
      valueName: "name"))
  var series: [String] = []
  @Option(help: ArgumentHelp("Highest load the system can serve: 250, 10k, 250GiB, 85%.", valueName: "load"))
  var capacity: LoadArgument?
  @Option(help: ArgumentHelp("Lowest load that is enough, such as free space: 20GiB.", valueName: "load"))
  var floor: LoadArgument?
  @Option(help: ArgumentHelp("Forecast the peaks of each hour, day, week or month.", valueName: "period"))
  var peak: LoadHistory.Period?
  @Option(help: ArgumentHelp("Share of the capacity to keep free.", valueName: "share")) var headroom = Share(0)
  @Option(help: ArgumentHelp("Level of the prediction interval.", valueName: "share")) var level = Share(0.9)
  @Option(help: ArgumentHelp("Steps ahead to list.", valueName: "n")) var horizon = 30
  @Option(help: "Trend (default: the likelier one).") var model: LoadForecast.Model?
  @OptionGroup var table: TableOptions
  @OptionGroup var output: OutputOptions

  private var files: [String] { [file, history, loadHistory].compactMap(\.self) }

  func validate() throws {
    guard files.count == 1 else {
      throw ValidationError("Name one file of past loads: advisor plan forecast load.csv --capacity 250.")
    }
    guard (capacity == nil) != (floor == nil) else {
      throw ValidationError(
        "Give --capacity, which a growing load must not reach, or --floor, which a falling one must not.")
    }
    guard (0...100_000).contains(horizon) else {
      throw ValidationError("--horizon \(horizon): list between 0 and 100000 steps ahead.")
    }
  }

  func run() throws {
    let all = try table.history(files[0], series: series)
    let loads =
      try peak.map { (period) throws(AdvisorError) in try all.peaks(per: period, lowest: floor != nil) } ?? all
    let limit =
      try capacity?.value(in: loads, option: "--capacity") ?? floor?.value(in: loads, option: "--floor") ?? 0
    let forecast = try LoadForecast(
      loads, capacity: limit, isFloor: floor != nil, headroom: headroom.value,
      level: level.value, horizon: horizon, model: model)
    try output.show(forecast, as: TextReport.forecast(forecast))
  }
}
