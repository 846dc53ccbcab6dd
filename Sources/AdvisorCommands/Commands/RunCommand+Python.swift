import AdvisorCore
import ArgumentParser
import Execution
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
    watch.foretell = { [unowned watch, unowned engine] in watch.words(foretelling: $0, of: engine) }
    let runner = try EngineRunner(engine, .function(function), try tasks.given.jsonInputs(), options, observer: watch)
    let summary = try runner.run()
    watch.bar.clear()
    let record = watch.record(of: function, summary.progress, engine)
    if summary.ending == .finished { past.remember(record, on: machine) }
    try show(record, summary)
  }

  private func strategy() throws -> Strategy? {
    if choice.strategy == .pipeline || choice.strategy == .tasks {
      throw ValidationError("A Python function runs in processes, threads or async: --strategy takes one of them.")
    }
    return choice.strategy
  }
}

extension CommandWatch {
  /// What the run is likely to take by its first calls; nil where that is over before it is read.
  fileprivate func words(foretelling progress: CommandProgress, of engine: PythonEngine) -> String? {
    guard let total = progress.total, case let left = total - progress.skipped, left > pilot.tasks else { return nil }
    let plan = plan(progress, of: engine, tasks: left)
    let predicted = prediction(tasks: left, workers: plan.workers, of: engine)
    guard predicted.seconds.p50 > progress.seconds + 1 else { return nil }
    let range = Quantity.text(secondsFrom: predicted.seconds.p5...predicted.seconds.p95)
    return "predicted by the first \(pilot.tasks) calls: \(Quantity.text(seconds: predicted.seconds.p50)) "
      + "(\(range)) for \(left) calls in \(plan.strategy.rawValue), \(plan.workers) at once"
  }

  private func plan(_ progress: CommandProgress, of engine: PythonEngine, tasks: Int) -> Plan {
    Plan(
      strategy: engine.chosenStrategy,
      workers: max(1, min(pilot.workers ?? progress.workers, max(1, tasks))))
  }

  private func prediction(tasks: Int, workers: Int, of engine: PythonEngine) -> Prediction {
    var predicted = pilot.prediction(
      tasks: tasks, workers: workers, cpus: engine.usableCPUs, start: engine.startSeconds ?? 0)
    // Threads and coroutines share their interpreter's.
    predicted.memoryBytes *= Double(min(engine.shape.interpreters, workers)) / Double(workers)
    return predicted
  }

  /// Predicted beside observed, the prediction made of the first calls.
  func record(of function: String, _ progress: CommandProgress, _ engine: PythonEngine) -> RunRecord {
    let plan = plan(progress, of: engine, tasks: progress.done)
    let isPredicted = pilot.isOver && pilot.tasks < progress.done
    let loop = pilot.seconds(tasks: progress.done, workers: 1)
    return RunRecord(
      job: pilot.job(function, tasks: max(1, progress.done)), plan: plan,
      predicted: isPredicted ? prediction(tasks: progress.done, workers: plan.workers, of: engine) : nil,
      observed: RunRecord.Observed(
        seconds: progress.seconds, cpuSeconds: progress.cpuSeconds, tasks: progress.done, failed: progress.failed,
        maxRSSBytes: progress.maxRSSBytes),
      usual: isPredicted && plan.workers > 1 ? RunRecord.Usual(command: "a plain loop", seconds: loop) : nil)
  }
}
