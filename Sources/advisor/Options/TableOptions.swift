import AdvisorCore
public import ArgumentParser
public import Documents
import Planning

extension DateOrder: ExpressibleByArgument {}

/// How the tables are read that people and programs write.
struct TableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Which columns hold what: time=ts,value=load.", valueName: "list"))
  var columns: String?
  @Option(help: ArgumentHelp("Order of day and month, where both are possible."))
  var dates: DateOrder?

  func history(_ path: String, series: [String]) throws(AdvisorError) -> LoadHistory {
    try LoadHistory(.read(path), series: series, columns: choice(of: ["time", "value"]), dates: dates)
  }

  func measurements(_ path: String) throws(AdvisorError) -> ScalingMeasurements {
    try ScalingMeasurements(.read(path), columns: choice(of: ["workers", "throughput", "seconds", "scale"]))
  }

  private func choice(of parts: [String]) throws(AdvisorError) -> ColumnChoice {
    guard let columns else { return ColumnChoice() }
    return try ColumnChoice(columns, parts: parts)
  }
}

/// A load on the command line, in the unit of a history: `250`, `10k`, `250GiB`, `85%`, `500/s`.
struct LoadArgument: ExpressibleByArgument {
  private let value: Double
  private let unit: QuantityUnit?

  init?(argument: String) {
    guard let reading = NumberText(.point).read(argument[...]) else { return nil }
    (value, unit) = (reading.value, reading.unit)
  }

  /// The load as the history counts it.
  ///
  /// - Throws: `usage` for one in another unit.
  func value(in history: LoadHistory, option: String) throws(AdvisorError) -> Double {
    guard let unit, unit != history.unit else { return value }
    let isDimension = [.bytes, .percent, .seconds].contains { $0 == unit || $0 == history.unit }
    guard isDimension else { return value }
    let highest = history.points.lazy.map { abs($0.load) }.max() ?? 0
    // Shares of one, as Prometheus has them.
    if unit == .percent, history.unit == nil, highest <= 1.5 { return value / 100 }
    if unit == .percent, history.unit == nil, highest <= 100 { return value }
    throw AdvisorError(
      .usage,
      "\(option) is in \(unit.name), and the loads of the history are \(history.unit.map { "in \($0.name)" } ?? "plain numbers")",
      advice: "give \(option) in the unit of the history, or the unit in the name of its column: load (\(unit.name))")
  }
}
