import AdvisorCore
import ArgumentParser
import Console
import CostModel
import Tasks

struct RunCommand: ParsableCommand {
  static let name = "run"

  static let configuration = CommandConfiguration(
    belowAdvisor: name,
    abstract: "Runs a command over inputs and finds -j itself.",
    usage: """
      advisor run [<options>] [--] <command> {} ::: <input> ...
      advisor run [<options>] --job <job>
      """,
    discussion: """
        find . -name '*.png' -print0 | advisor run -0 -- optipng
        advisor run --csv --inputs jobs.csv -- ./fit --model {model}
      """)

  @OptionGroup(title: "Command or job") var words: CommandArgument
  @OptionGroup(title: "Command or job") var work: JobOptions
  @OptionGroup(title: "Command or job") var choice: PlanOptions
  @OptionGroup(title: "Command or job") var threads: ThreadOptions
  @OptionGroup(title: "Command or job") var dry: DryRunOptions
  @OptionGroup(title: "Tasks") var jobServer: JobServerOptions
  @OptionGroup(title: "Inputs") var inputs: CommandInputOptions
  @OptionGroup(title: "Inputs") var calls: CallOptions
  @OptionGroup var tasks: TaskArguments
  @OptionGroup(title: "Output") var grouping: GroupingOptions
  @OptionGroup(title: "Output") var progress: ProgressOptions
  @OptionGroup(title: "Known from GNU parallel", visibility: .rare) var parallel: ParallelOptions
  @OptionGroup(title: "Engines") var engine: EngineOptions
  @OptionGroup(title: "Engines", visibility: .rare) var python: PythonOptions
  @OptionGroup var costs: ProfileOptions
  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard work.isGiven ? words.command.isEmpty && !parallel.retryFailed : hasCommand else {
      throw ValidationError(
        work.isGiven
          ? "Name one job: --job, --job-file or a command after --, not several of them."
          : "What should run? Write COMMAND {} ::: INPUT…, or name a job: --job cpu:8x1e6. A list of URLs is for "
            + "`advisor download`, a Python function for `advisor map`.")
    }
    if work.isGiven, engine.name == nil { try refuseOptionsOfCommands() }
    try calls.pipe.validate(with: inputs, tasks)
    try grouping.validate(with: tasks.printed)
    if calls.longestFirst, tasks.printed.keepOrder {
      throw ValidationError("--longest-first changes the order that --keep-order keeps: leave one of them out.")
    }
    try tasks.records.validateResume()
    try engine.validate(python)
    if engine.name != nil, threads.threads != nil || calls.longestFirst || jobServer.jobserver != nil {
      throw ValidationError(
        "--threads, --longest-first and --jobserver are for commands that run here: leave them out.")
    }
  }

  /// Whether there is a command, or inputs that are commands.
  private var hasCommand: Bool {
    !words.command.isEmpty || inputs.source.isFile || parallel.retryFailed || InputReader.standardInputIsOffered
  }

  /// What is asked for of a command's calls, here or on an engine.
  func apply(to options: inout TaskOptions, cpus: Double) throws {
    grouping.apply(to: &options)
    calls.apply(to: &options)
    try parallel.apply(to: &options, cpus: cpus)
    options.appendsToJobLog = options.appendsToJobLog || parallel.retryFailed
  }

  /// The command as it was typed, and over its inputs.
  func commandWork(_ options: TaskOptions) throws -> (words: CommandLineWords, work: CommandWork) {
    let typed = CommandLineWords.last(words.count)
    let isExact = CommandLineWords.isTerminator(before: typed.count)
    var words = CommandLineWords(typed, parallel.separators)
    Self.noteOptions(among: words.sources)
    if parallel.retryFailed { words.sources = [InputSource(.words(try tasks.records.failedCommands()))] }
    let work = try calls.work(words, inputs, parallel, isExact: isExact, options)
    if words.command.isEmpty { words.command = [Array("{}".utf8)] }
    return (words, work)
  }

  /// An option of ours behind `:::` is an input, as in GNU parallel, and seldom meant to be one.
  private static func noteOptions(among sources: [InputSource]) {
    let words = sources.flatMap { source -> [[UInt8]] in
      guard case .words(let words) = source.origin else { return [] }
      return words
    }.map { String(decoding: $0, as: UTF8.self) }.filter { $0.hasPrefix("--") && $0.count > 2 }
    guard !words.isEmpty else { return }
    let help = helpMessage(includeHidden: true)
    guard let option = words.first(where: { help.contains(" \($0) ") }) else { return }
    Terminal.note("advisor: \(option.printable) behind ::: is an input; options go before the command")
  }

  func run() throws {
    if let engine = engine.name {
      try runOnEngine(engine)
    } else if let job = try work.builtIn() {
      try runBuiltIn(job)
    } else {
      try runCommand()
    }
  }

  /// Has an engine carry out the tasks: a command over inputs, or a built-in job.
  private func runOnEngine(_ name: EngineName) throws {
    guard choice.strategy == nil else {
      throw ValidationError("On an engine tasks run in processes: leave --strategy out.")
    }
    let run = try EngineRun(name, engine, python, workers: choice.workers, costs)
    var options = try run.options(tasks, json: output.json)
    try apply(to: &options, cpus: run.cpus)
    let given: EngineWork
    if let job = try work.builtIn() {
      given = try EngineWork(job, run.model?.profile)
    } else {
      let (words, work) = try commandWork(options)
      options.inputNames = work.names
      given = EngineWork(words, work)
    }
    if dry.dryRun, case .command(let template) = given.recipe {
      options.blocks = given.blocks
      return try CommandDryRun.run(template, given.inputs, options)
    }
    let (record, summary) = try run.perform(given, options, RunDisplay(progress.style))
    try output.show(record, summary, isRecorded: tasks.records.isKept)
  }
}

extension RunCommand: ReadsLastWords {
  var untold: UntoldWords {
    get { words.untold }
    set { words.untold = newValue }
  }
}
