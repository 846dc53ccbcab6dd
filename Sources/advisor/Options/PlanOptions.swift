public import AdvisorCore
public import ArgumentParser
import CostModel

extension Strategy: ExpressibleByArgument {}

/// How a job is run, where the user wants it otherwise than recommended.
struct PlanOptions: ParsableArguments {
  @Option(help: "Run it this way instead of the recommended one.")
  var strategy: Strategy?

  @Option(
    name: [.long, .customShort("j"), .customShort("P")],
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

extension Machine {
  /// The plan that carries out a candidate on this machine.
  func plan(for candidate: Candidate, job: Job) -> Plan {
    let order = placementOrder
    // More workers than CPUs are left to the kernel: pinned ones could not move to a CPU that has run out of work.
    let isPinned = [.threads, .processes].contains(candidate.strategy) && candidate.workers <= order.count
    let memory = job.stages.compactMap(\.memoryBytes).max()
    return Plan(
      strategy: candidate.strategy, workers: candidate.workers, chunk: candidate.chunk,
      stageWorkers: candidate.stageWorkers, cpus: isPinned ? order : nil,
      memoryCapBytes: memory == nil ? nil : usable.memoryBytes.map(Double.init))
  }
}
