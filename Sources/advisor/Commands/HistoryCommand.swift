import AdvisorCore
import ArgumentParser
import Console
import History
import Reports

struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "history", abstract: "Lists past runs, tunings and pilots.",
    discussion: """
      Predicted beside observed: predictions learn from these runs; from 19 on, they check the intervals. \
      What `advisor tune` has found is where it starts from the next time.
      """)

  @Option(help: ArgumentHelp("Number of each to show, newest first.", valueName: "n"))
  var limit = 20

  @Flag(help: "Forget all of them.")
  var clear = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit \(limit): show at least one run.") }
  }

  func run() throws {
    let history = try History(path: HistoryOptions.path())
    if clear { try history.clear() }
    let list = HistoryList(
      path: history.path, total: try history.count(), runs: try history.newest(limit),
      tunings: try history.newestTunings(limit), pilots: try history.newestPilots(limit))
    try output.show(Document(list), as: TextReport.history(list))
    let unreadable = min(limit, list.total) - list.runs.count
    if unreadable > 0 { Terminal.note("Past runs that cannot be read, and are left out: \(unreadable).") }
  }
}
