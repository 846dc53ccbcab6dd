import AdvisorCore
import ArgumentParser
import Execution
import Glibc
import Probe
import Reports

extension RunCommand {
  /// Calls the user's own Python function with each of its inputs, in as many interpreters, threads or coroutines as its first
  /// calls call for.
  func runPython(_ function: String) throws {
    let machine = try Prober.live.machine()
    var options = try tasks.commandOptions(machine, workers: choice.workers, json: form.json)
    try tasks.setEnvironment()
    let engine = try PythonEngine(
      function: function, program: calls.interpreter ?? "python3", strategy: try strategy(), options)
    // They bound what runs at once, not what lies ready.
    options.workers = nil
    let watch = CommandWatch(cpus: machine.usable.effectiveCPUs)
    let runner = try EngineRunner(engine, .function(function), try jsonInputs(), options, observer: watch)
    let summary = try runner.run()
    watch.bar.clear()
    let record = watch.record(of: function, summary, engine)
    if summary.ending == .finished { past.remember(record, on: machine) }
    try show(record, summary)
  }

  private func strategy() throws -> Strategy? {
    if choice.strategy == .pipeline || choice.strategy == .tasks {
      throw ValidationError("A Python function runs in processes, threads or async: --strategy takes one of them.")
    }
    return choice.strategy
  }

  /// JSON values: a line of a file or of standard input each, words after `:::`, or rows of CSV as objects.
  func jsonInputs() throws -> CommandInputs {
    let words = try CommandLineWords.listsAfterTerminator()
    if let words {
      guard tasks.given.inputs == nil else {
        throw ValidationError("Give the inputs once: with --inputs, or after :::, not both.")
      }
      return try CommandInputs(lists: [try JSONInputs.list(words)])
    }
    guard tasks.given.inputs != nil || isatty(STDIN_FILENO) == 0 else {
      throw ValidationError("There are no inputs: name --inputs FILE, pipe JSON lines in, or write them after -- :::")
    }
    let path = tasks.given.inputs ?? "-"
    let reader = path == "-" ? InputReader(standardInput: .newline) : try InputReader(path: path)
    return try CommandInputs(stream: tasks.given.csv ? CSVObjects(CSVReader(reader)) : JSONInputs(reader))
  }
}

extension CommandWatch {
  /// Predicted beside observed, the prediction made of the first calls.
  func record(of function: String, _ summary: CommandSummary, _ engine: PythonEngine) -> RunRecord {
    let progress = summary.progress
    let strategy = engine.chosenStrategy
    let workers = max(1, min(pilot.workers ?? progress.workers, max(1, progress.done)))
    let job = pilot.job(function, tasks: max(1, progress.done))
    let isPredicted = pilot.isOver && pilot.tasks < progress.done
    var predicted = isPredicted ? pilot.prediction(tasks: progress.done, workers: workers) : nil
    // Threads and coroutines share their interpreter's.
    predicted?.memoryBytes *= Double(min(engine.shape.interpreters, workers)) / Double(workers)
    let loop = pilot.seconds(tasks: progress.done, workers: 1)
    return RunRecord(
      job: job, plan: Plan(strategy: strategy, workers: workers), predicted: predicted,
      observed: RunRecord.Observed(
        seconds: progress.seconds, cpuSeconds: progress.cpuSeconds, tasks: progress.done, failed: progress.failed,
        maxRSSBytes: progress.maxRSSBytes),
      usual: isPredicted && workers > 1 ? RunRecord.Usual(command: "a plain loop", seconds: loop) : nil)
  }
}
