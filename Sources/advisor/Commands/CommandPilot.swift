import AdvisorCore
import ArgumentParser
import Console
import CostModel
import System
import Tasks

/// Runs a command on the first few of its inputs, one after the other, to learn what a task costs.
struct CommandPilot {
  private let seconds: Double
  private var pilot = TaskPilot(size: maxTasks)
  private static let maxTasks = 5

  /// - Parameter seconds: that it may take.
  init(seconds: Double) { self.seconds = seconds }

  var conditions: PilotConditions { pilot.conditions }
  /// Inputs that ran, and the time that they took, seconds.
  var tasks: Int { pilot.tasks }
  private(set) var spentSeconds = 0.0

  /// - Returns: a job of the tasks that are left.
  /// - Throws: ``AdvisorError`` where a task fails, or the first has not ended in time.
  mutating func job(_ text: String, of work: CommandWork, _ options: TaskOptions) throws -> Job {
    guard let total = work.inputs.count else {
      throw ValidationError("How many inputs there are must be known: write them after :::, or use `advisor run`.")
    }
    let count = min(Self.maxTasks, max(1, total - 1))
    Terminal.note(
      "advisor: running the command on up to \(count) of \(AdvisorCore.count(total, "input")), one at a time, for \(Quantity.text(seconds: seconds)) at most"
    )
    let start = MonotonicClock.seconds
    defer { spentSeconds = MonotonicClock.seconds - start }
    while pilot.tasks < count, MonotonicClock.seconds - start < seconds || pilot.tasks == 0 {
      guard case .inputs(let row) = try work.inputs.next() else { break }
      guard try run(row, work.template, options, secondsLeft: start + seconds - MonotonicClock.seconds) else { break }
    }
    guard pilot.tasks > 0 else {
      throw AdvisorError(
        .temporary, "the first input takes longer than \(Quantity.text(seconds: seconds))",
        advice: "allow more, as in --pilot-time \(Quantity.text(seconds: 6 * seconds).filter { $0 != " " })")
    }
    return Job(text: text, stages: [pilot.commandStage(tasks: max(1, total - pilot.tasks))])
  }

  /// False where it was stopped for want of time.
  private mutating func run(
    _ row: [[UInt8]], _ template: CommandTemplate, _ options: TaskOptions, secondsLeft: Double
  ) throws -> Bool {
    var options = options
    options.workers = 1
    options.timeout = .seconds(max(0.01, secondsLeft))
    let observer = PilotObserver()
    let inputs = try TaskInputs(lists: [InputList(row: row)])
    let summary = try CommandRunner(template, inputs, options, observer: observer).run()
    if summary.isInterrupted { throw ExitCode(AdvisorError.Code.interrupted.rawValue) }
    guard let outcome = observer.outcome else { return false }
    if case .timedOut = outcome.ending { return false }
    guard outcome.succeeded else {
      throw AdvisorError(
        .someTasksFailed, outcome.text, advice: "run it by hand with that input until it works")
    }
    pilot.add(outcome.usage)
    return true
  }
}

/// Keeps how the one task has ended.
private final class PilotObserver: RunObserver {
  private(set) var outcome: TaskOutcome?

  func taskEnded(_ outcome: TaskOutcome) { self.outcome = outcome }
  func failedBefore(_ text: String) {}
  func progressed(_ progress: RunProgress) {}
}
