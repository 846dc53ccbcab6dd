import AdvisorCore
import AdvisorTestSupport
import Glibc
import Probe

@testable import Execution

/// What a run has told and written.
final class Recorded: CommandObserver {
  var outcomes: [CommandOutcome] = []
  var output = ""
  var error = ""
  var notes: [String] = []
  var mostRunning = 0
  var writes = 0
  /// Called on the thread that runs the tasks.
  var onEnd: ((CommandOutcome) -> Void)?
  var onProgress: ((CommandProgress) -> Void)?
  /// Stands in for the kernel's count of kills for want of memory.
  var countMemoryKills: (() -> Int)?
  var readMemory: (() -> MemoryGauge.Reading?)?
  /// Stands in for the quota's count of the time for which it has stopped tasks.
  var readThrottled: (() -> Double?)?

  func taskEnded(_ outcome: CommandOutcome) {
    outcomes.append(outcome)
    onEnd?(outcome)
  }

  func progressed(_ progress: CommandProgress) {
    mostRunning = max(mostRunning, progress.running)
    onProgress?(progress)
  }

  func failedBefore(_ text: String) {}

  func willWrite() { writes += 1 }

  func noted(_ text: String) { notes.append(text) }

  /// Runs something with a writer whose two streams are kept.
  func keepingOutput(inOrder: Bool, _ run: (OutputWriter) throws -> CommandSummary) throws -> CommandSummary {
    let (kept, keptError) = (try TemporaryFile(), try TemporaryFile())
    let descriptors = [open(kept.path, O_WRONLY), open(keptError.path, O_WRONLY)]
    defer { descriptors.forEach { close($0) } }
    let summary = try run(OutputWriter(output: descriptors[0], error: descriptors[1], keepsOrder: inOrder))
    (output, error) = (kept.text, keptError.text)
    return summary
  }

  func endings() -> [Int: CommandOutcome.Ending] {
    Dictionary(outcomes.map { ($0.sequence, $0.ending) }) { _, last in last }
  }
}

/// Runs a command of words without blanks over inputs, with its output kept.
func runCommand(
  _ command: [String], _ lists: [[String]] = [], stream: (any InputStream)? = nil, workers: Int? = 2,
  recorded: Recorded = Recorded(),
  _ change: (inout CommandOptions) -> Void = { _ in }
) throws -> (summary: CommandSummary, recorded: Recorded) {
  var options = CommandOptions()
  options.workers = workers
  options.killDelaySeconds = 0.1
  options.retryDelaySeconds = 0
  change(&options)
  let summary = try recorded.keepingOutput(inOrder: options.keepsOrder) { writer in
    let runner = try CommandRunner(
      CommandTemplate(command.map { Array($0.utf8) }),
      CommandInputs(lists: lists.map { InputList($0.map { Array($0.utf8) }) }, stream: stream), options,
      observer: recorded, writer: writer)
    if let count = recorded.countMemoryKills { runner.countMemoryKills = count }
    if let read = recorded.readMemory { runner.readMemory = read }
    if let read = recorded.readThrottled { runner.readThrottled = read }
    return try runner.run()
  }
  return (summary, recorded)
}
