import AdvisorCore
import ArgumentParser
import Calibration
import CostModel
import Reports

struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Says how to run a job here: every strategy and worker count ranked, with reasons.")

  @OptionGroup var work: JobOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var past: HistoryOptions
  @OptionGroup var form: OutputOptions

  func run() throws {
    guard let job = try work.builtIn() else {
      throw ValidationError(
        "A command's cost is known once some of its tasks ran: `advisor run -- COMMAND …` finds its worker count.")
    }
    let found = try costs.resolve()
    var advice = try past.model(of: found.profile, past.open()).recommend(job)
    advice.profile.path = found.path
    try form.show(advice, as: TextReport.recommendation(advice))
  }
}
