import AdvisorCore
public import ArgumentParser
public import CostModel

extension Goal.Objective: ExpressibleByArgument {}

/// What is wanted of a job, and what must not be exceeded.
struct GoalOptions: ParsableArguments {
  @Option(help: "What to minimize; p90 is the 90th percentile of time.")
  var objective: Goal.Objective = .time

  @Option(help: ArgumentHelp("The job must end within this time, such as 30s.", valueName: "time"))
  var deadline: String?

  @Option(help: ArgumentHelp("At most this many workers.", valueName: "n"))
  var maxWorkers: Int?

  @Option(help: ArgumentHelp("At most this much memory, such as 4GiB.", valueName: "bytes"))
  var memoryLimit: String?

  func validate() throws {
    if let deadline, Quantity.seconds(deadline) == nil {
      throw ValidationError("--deadline \(deadline.printable): give a time with its unit, such as 30s.")
    }
    if let memoryLimit, Quantity.bytes(memoryLimit) == nil {
      throw ValidationError("--memory-limit \(memoryLimit.printable): give bytes, such as 4GiB.")
    }
  }

  var value: Goal {
    Goal(
      objective: objective, deadlineSeconds: deadline.flatMap { Quantity.seconds($0) }, maxWorkers: maxWorkers,
      memoryLimitBytes: memoryLimit.flatMap { Quantity.bytes($0) })
  }
}
