import AdvisorCore
import ArgumentParser
import Calibration
import CostModel
import Probe
import Tasks

extension RunCommand {
  /// Runs the user's own command over its inputs, with as many workers as its first tasks and its throughput call for.
  func runCommand() throws {
    guard choice.strategy == nil || choice.strategy == .processes else {
      throw ValidationError("A command runs in processes: leave --strategy out.")
    }
    let machine = try Prober.live.machine()
    var options = try tasks.taskOptions(machine, workers: choice.workers, json: output.json)
    options.currentWorkers = choice.currentWorkers
    try apply(to: &options, cpus: machine.usable.effectiveCPUs)
    try tasks.control.setEnvironment()
    let (words, given) = try commandWork(options)
    var work = given
    options.inputNames = work.names
    threads.apply(to: &work.template, &options, tasks: work.inputs.count)
    if calls.longestFirst {
      options.dependsOnOrder = true
      work.inputs = try LongestFirst.sorted(work.inputs, work.template, jobLog: tasks.records.log.path)
    }
    options.blocks = work.blocks
    if dry.dryRun { return try CommandDryRun.run(work.template, work.inputs, options) }
    try jobServer.apply(to: &options)
    let isSingle = work.inputs.columns == 0
    if isSingle { options.printDirectly() }
    let prior = isSingle ? nil : prior(of: words, work.inputs, on: machine)
    options.expectedWorkers = prior?.workers
    // A task alone writes to the terminal itself.
    let display = RunDisplay(isSingle ? .none : progress.style, readsKeys: RunKeys.areFree(beside: work.inputs))
    defer { display.finish() }
    options.control = display.keys
    let watch = TaskWatch(
      cpus: machine.usable.effectiveCPUs, total: work.inputs.count, display, prior: prior)
    let runner = try CommandRunner(work.template, work.inputs, options, observer: watch)
    let summary = try runner.run()
    display.finish()
    let isBatched = options.batch != nil
    let record = watch.record(of: words, summary, model: try costs.savedModel(of: machine), isBatched: isBatched)
    if summary.ending == .finished, summary.progress.done > 0 { history.remember(record, on: machine) }
    try output.show(record, summary, isRecorded: tasks.records.isKept)
    try costs.refresh(on: machine, afterSeconds: record.observed.seconds)
  }

  /// What past runs of the same command over inputs like these say.
  private func prior(of words: CommandLineWords, _ inputs: TaskInputs, on machine: Machine) -> RunPrior {
    RunPrior(
      history.runs(of: ShellQuoting.typed(words.command), on: machine), tasks: inputs.count,
      bytes: inputs.fileBytes?.reduce(0, +))
  }
}
