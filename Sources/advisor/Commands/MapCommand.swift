import AdvisorCore
import ArgumentParser
import Engines
import Probe
import Tasks

struct MapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "map",
    abstract: "Calls a Python function over JSON values.",
    usage: "advisor map <module:function> [<options>] [-- ::: <value> ...]",
    discussion: """
      Inputs and results are JSON values, one per line; rows of CSV are objects. \
      The first calls tell whether processes, threads or asyncio are best.

        advisor map words:task --inputs sizes.jsonl
        seq 100 | advisor map words:task > results.jsonl
        advisor map words:task --keep-order -- ::: 3 5 8
      """)

  @OptionGroup(title: "Function") var call: FunctionOptions
  @OptionGroup(title: "Inputs") var inputs: InputOptions
  @OptionGroup var tasks: TaskArguments
  @OptionGroup(title: "Engines") var engine: EngineOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if engine.name != nil, call.strategy != nil || call.startMethod != nil {
      throw ValidationError("--strategy and --start-method are for calls on this machine: leave --engine out.")
    }
    try tasks.records.validateResume()
  }

  func run() throws {
    if let engine = engine.name {
      try runOnEngine(engine)
    } else {
      try runHere()
    }
  }

  private func runOnEngine(_ name: EngineName) throws {
    let run = try EngineRun(name, engine, call.python, workers: call.workers, costs)
    let work = try EngineWork(function: call.function, inputs)
    let display = RunDisplay(ProgressOptions.defaultStyle)
    let (record, summary) = try run.perform(work, run.options(tasks, json: output.json), display)
    try output.show(record, summary, isRecorded: tasks.records.isKept)
  }

  /// Calls it in as many interpreters, threads or coroutines as its first calls need.
  private func runHere() throws {
    try tasks.control.setEnvironment()
    var options = try tasks.taskOptions(nil, workers: call.workers, json: output.json)
    let engine = try PythonEngine(
      function: call.function, program: call.python.interpreter ?? "python3",
      strategy: call.strategy.flatMap { Strategy(rawValue: $0.rawValue) },
      startMethod: call.startMethod, host: call.host, options)
    // It imports the function's module while the machine is looked at and the inputs are read.
    try engine.start()
    let machine = try Prober.live.machine()
    options.limits = TaskLimits(machine)
    engine.limits = options.limits
    // They bound what runs at once, not what lies ready.
    options.workers = nil
    // Python itself says there what went wrong, and asks for words where it wants them.
    let watch = PythonWatch(
      call.function, engine, cpus: machine.usable.effectiveCPUs, isSilent: call.host != nil && output.json)
    let runner = try EngineRunner(engine, .function(call.function), try inputs.jsonInputs(), options, observer: watch)
    let summary = try runner.run()
    watch.willWrite()
    let record = watch.record(summary.progress)
    if summary.ending == .finished, summary.progress.done > 0 { history.remember(record, on: machine) }
    try output.show(record, summary, isRecorded: tasks.records.isKept)
  }
}
