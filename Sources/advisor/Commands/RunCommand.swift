import AdvisorCore
import ArgumentParser
import CostModel
import Execution
import Probe
import Reports
import Transfer

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a job as recommended, and shows predicted beside observed.",
    discussion: """
      advisor run --job cpu:8x1e6
      advisor run --job wait:200x50ms --strategy async --workers 64
      advisor run -- gzip -k {} ::: *.txt
      """)

  @OptionGroup var work: JobOptions
  @OptionGroup var choice: PlanOptions
  @OptionGroup var tasks: TaskOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var past: HistoryOptions
  @OptionGroup var form: OutputOptions

  func run() throws {
    if let job = try work.builtIn() { try runBuiltIn(job) } else { try runCommand() }
  }
}
