import AdvisorCore
import ArgumentParser
import CostModel
import Tuning

/// What is searched for, and for how long.
struct TuneSearchOptions: ParsableArguments {
  @Option(
    name: .customLong("knob"),
    help: ArgumentHelp("n=1..16 or level=1,3,6,9; two for {workers} × {threads}.", valueName: "name=values"))
  var knobTexts: [String] = []

  @Option(
    name: .customLong("from"), help: ArgumentHelp("Compare with this value; default the CPU count.", valueName: "value")
  )
  var start: String?

  @Option(help: ArgumentHelp("At most this many runs (default: 10).", valueName: "n"))
  var maxRuns: Int?

  @Option(help: ArgumentHelp("Time for all runs.", valueName: "time"))
  var budget = "10min"

  @Option(help: "What to minimize; p90 is the 90th percentile of time.")
  var objective: Goal.Objective = .time

  @Option(help: ArgumentHelp("Optimize a figure that the command prints.", valueName: "regex"))
  var measure: String?

  @Flag var direction: FigureDirection?

  func validate() throws {
    if let maxRuns, maxRuns < 1 { throw ValidationError("--max-runs \(maxRuns): at least one run is needed.") }
    if Quantity.seconds(budget).map({ $0 > 0 }) != true {
      throw ValidationError("--budget \(budget.printable): give a time above zero with its unit, such as 10min.")
    }
    if measure != nil, direction == nil {
      throw ValidationError("Is more of it better, or less? Add --higher-is-better or --lower-is-better.")
    }
    if measure == nil, direction != nil {
      throw ValidationError(
        "--\(direction == .higherIsBetter ? "higher" : "lower")-is-better is about --measure REGEX: add that.")
    }
    if measure != nil, objective != .time {
      throw ValidationError("Name one goal: --objective or --measure, not both.")
    }
  }

  var budgetSeconds: Double { Quantity.seconds(budget) ?? 600 }
  var objectiveName: String { measure ?? objective.rawValue }

  func knobs() throws(AdvisorError) -> [Knob] { try knobTexts.map { text throws(AdvisorError) in try Knob(text) } }

  func figure() throws(AdvisorError) -> FigurePattern? {
    try measure.map { text throws(AdvisorError) in try FigurePattern(text) }
  }

  func settings(_ machine: Machine, cpus: Int) throws(AdvisorError) -> Tuner.Settings {
    var settings = Tuner.Settings(cpus: cpus)
    settings.maxRuns = maxRuns ?? settings.maxRuns
    settings.memoryLimit = machine.usable.memoryBytes.map(Double.init)
    settings.objective =
      switch objective {
      case _ where direction != nil: .figure(higherIsBetter: direction == .higherIsBetter)
      case .time: .time
      case .p90: .p90
      case .cpu: .cpu
      case .memory: .memory
      }
    return settings
  }

  /// The value to start from, one for each knob: `4`, or `2,4` for two.
  func startValues(_ command: TunedCommand) throws -> [String]? {
    guard let start else { return nil }
    let values = command.knobs.count == 1 ? [start] : start.split(separator: ",").map(String.init)
    guard values.count == command.knobs.count else {
      throw ValidationError("--from \(start.printable): give a value for each knob, as in --from 2,4.")
    }
    return values
  }
}

enum FigureDirection: String, EnumerableFlag {
  case higherIsBetter, lowerIsBetter

  static func help(for value: FigureDirection) -> ArgumentHelp? {
    value == .higherIsBetter ? "More of the --measure figure is better." : "Less of it is better."
  }
}

/// How each run is made.
struct TuneRunOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Run this by /bin/sh before each run, such as 'make clean'.", valueName: "line"))
  var prepare: String?

  @Option(help: ArgumentHelp("Runs at first that do not count.", valueName: "n"))
  var warmup = 0

  @Option(help: ArgumentHelp("Stop a run after this time; its value is out.", valueName: "time"))
  var timeout: String?

  @Option(help: ArgumentHelp("Stop a run above this much memory, such as 4GiB.", valueName: "bytes"))
  var memoryLimit: String?

  func validate() throws {
    if warmup < 0 { throw ValidationError("--warmup \(warmup): give 0 or more.") }
    if let timeout, Quantity.seconds(timeout).map({ $0 > 0 }) != true {
      throw ValidationError("--timeout \(timeout.printable): give a time above zero with its unit, such as 30s.")
    }
    if let memoryLimit, Quantity.bytes(memoryLimit).map({ $0 >= 1 }) != true {
      throw ValidationError("--memory-limit \(memoryLimit.printable): give bytes, such as 4GiB.")
    }
  }

  var memoryBytes: Double? { memoryLimit.flatMap { Quantity.bytes($0) } }

  func trialOptions(_ search: TuneSearchOptions) throws(AdvisorError) -> TrialOptions {
    var options = TrialOptions()
    options.prepare = prepare
    options.timeout = timeout.flatMap { Quantity.seconds($0) }
    options.memoryLimit = memoryBytes
    options.figure = try search.figure()
    return options
  }
}
