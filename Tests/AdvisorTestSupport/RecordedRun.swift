import AdvisorCore
import Glibc
package import Probe
package import Tasks

/// What a run has told and written.
package final class Recorded: RunObserver {
  package var outcomes: [TaskOutcome] = []
  package var output = ""
  package var error = ""
  package var notes: [String] = []
  package var maxRunning = 0
  package var writes = 0
  package init() {}

  /// Called on the thread that runs the tasks.
  package var onEnd: ((TaskOutcome) -> Void)?
  package var onProgress: ((RunProgress) -> Void)?
  /// Stands in for the kernel's count of kills for want of memory.
  package var countMemoryKills: (() -> Int)?
  package var readMemory: (() -> MemoryGauge.Reading?)?
  /// Stands in for the quota's count of the time for which it has stopped tasks.
  package var readThrottled: (() -> Double?)?

  package func taskEnded(_ outcome: TaskOutcome) {
    outcomes.append(outcome)
    onEnd?(outcome)
  }

  package func progressed(_ progress: RunProgress) {
    maxRunning = max(maxRunning, progress.running)
    onProgress?(progress)
  }

  package func failedBefore(_ text: String) {}

  package func willWrite() { writes += 1 }

  package func noted(_ text: String) { notes.append(text) }

  /// Runs something with a writer whose two streams are kept.
  package func keepingOutput(inOrder: Bool, spoolLimit: Int? = nil, _ run: (OutputWriter) throws -> RunSummary) throws
    -> RunSummary
  {
    let (kept, keptError) = (try TemporaryFile(), try TemporaryFile())
    let descriptors = [open(kept.path, O_WRONLY), open(keptError.path, O_WRONLY)]
    defer { descriptors.forEach { close($0) } }
    let summary = try run(
      OutputWriter(output: descriptors[0], error: descriptors[1], keepsOrder: inOrder, spoolLimit: spoolLimit))
    (output, error) = (kept.text, keptError.text)
    return summary
  }

  package func endings() -> [Int: TaskOutcome.Ending] {
    Dictionary(outcomes.map { ($0.sequence, $0.ending) }) { _, last in last }
  }
}

/// Runs a command of words without blanks over inputs, with its output kept.
package func runCommand(
  _ command: [String], _ lists: [[String]] = [], stream: (any InputStream)? = nil, workers: Int? = 2,
  recorded: Recorded = Recorded(), reading: CommandTemplate.Reading = CommandTemplate.Reading(),
  _ change: (inout TaskOptions) -> Void = { _ in }
) throws -> (summary: RunSummary, recorded: Recorded) {
  var options = TaskOptions()
  options.workers = workers
  options.killDelaySeconds = 0.1
  options.retryDelaySeconds = 0
  change(&options)
  let summary = try recorded.keepingOutput(inOrder: options.keepsOrder, spoolLimit: options.spoolLimit) { writer in
    let runner = try CommandRunner(
      CommandTemplate(command.map { Array($0.utf8) }, reading),
      TaskInputs(lists: lists.map { InputList($0.map { Array($0.utf8) }) }, stream: stream), options,
      observer: recorded, writer: writer)
    if let count = recorded.countMemoryKills { runner.countMemoryKills = count }
    if let read = recorded.readMemory { runner.readMemory = read }
    if let read = recorded.readThrottled { runner.readThrottled = read }
    return try runner.run()
  }
  return (summary, recorded)
}
