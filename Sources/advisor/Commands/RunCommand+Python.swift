import AdvisorCore
import ArgumentParser
import Probe
import Reports
import Engines
import Tasks

extension RunCommand {
  /// Calls the user's own Python function with each of its inputs, in as many interpreters, threads or coroutines as its first
  /// calls call for.
  func runPython(_ function: String) throws {
    try tasks.setEnvironment()
    var options = try tasks.commandOptions(nil, workers: choice.workers, json: form.json)
    let engine = try PythonEngine(
      function: function, program: calls.interpreter ?? "python3", strategy: try strategy(),
      startMethod: calls.startMethod, options)
    // It imports the function's module while the machine is looked at and the inputs are read.
    try engine.start()
    let machine = try Prober.live.machine()
    options.limits = CommandLimits(machine)
    engine.limits = options.limits
    // They bound what runs at once, not what lies ready.
    options.workers = nil
    let watch = PythonWatch(function, engine, cpus: machine.usable.effectiveCPUs)
    let runner = try EngineRunner(engine, .function(function), try tasks.given.jsonInputs(), options, observer: watch)
    let summary = try runner.run()
    watch.willWrite()
    let record = watch.record(summary.progress)
    if summary.ending == .finished, summary.progress.done > 0 { past.remember(record, on: machine) }
    try show(record, summary)
  }

  private func strategy() throws -> Strategy? {
    if choice.strategy == .pipeline || choice.strategy == .tasks {
      throw ValidationError("A Python function runs in processes, threads or async: --strategy takes one of them.")
    }
    return choice.strategy
  }
}
