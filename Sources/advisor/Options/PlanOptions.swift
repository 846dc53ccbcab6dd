public import AdvisorCore
public import ArgumentParser
import CostModel

extension Strategy: ExpressibleByArgument {}

/// How a job is run, where the user wants it otherwise than recommended.
struct PlanOptions: ParsableArguments {
  @OptionGroup private var number: WorkerOptions

  @Option(help: "How --job runs.")
  var strategy: Strategy?

  var workers: Int? { number.workers }

  func validate() throws {
    if strategy == .sequential, let workers, workers != 1 {
      throw ValidationError("--strategy sequential runs one task after the other: leave --workers out.")
    }
  }

  var isGiven: Bool { strategy != nil || workers != nil }
}

/// How many workers run a job, where the user wants another number than advisor's.
struct WorkerOptions: ParsableArguments {
  @Option(
    name: [.customShort("j", allowingJoined: true), .customShort("P", allowingJoined: true), .long],
    help: ArgumentHelp("Number of workers, or of operations in flight.", valueName: "n"))
  var workers: Int?

  func validate() throws {
    if let workers, workers < 1 { throw ValidationError("--workers \(workers): at least one worker is needed.") }
  }
}
