public import AdvisorCore
public import ArgumentParser
import CostModel

extension Strategy: ExpressibleByArgument {}

/// How a job is run, where the user wants it otherwise than recommended.
struct PlanOptions: ParsableArguments {
  @Option(help: "Run it this way instead of the recommended one.")
  var strategy: Strategy?

  @Option(
    name: [.long, .customShort("j", allowingJoined: true), .customShort("P", allowingJoined: true)],
    help: ArgumentHelp("Use so many workers (or operations in flight).", valueName: "n"))
  var workers: Int?

  func validate() throws {
    if let workers, workers < 1 { throw ValidationError("--workers \(workers): at least one worker is needed.") }
    if strategy == .sequential, let workers, workers != 1 {
      throw ValidationError("--strategy sequential runs one task after the other: leave --workers out.")
    }
  }

  var isGiven: Bool { strategy != nil || workers != nil }
}
