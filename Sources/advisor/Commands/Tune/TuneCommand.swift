import AdvisorCore
import ArgumentParser
import Console
import CostModel
import Probe
import Reports
import System
import Tasks
import Tuning

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    belowAdvisor: "tune",
    abstract: "Finds the best value of a command's own knob, in few runs.",
    usage: "advisor tune [<options>] -- <command> … {n} …",
    discussion: """
      Runs the command some 3 to 10 times, each run where it tells most.

        advisor tune -- pytest -n {n} tests
        advisor tune --prepare 'make clean' -- make -j{n}
        advisor tune -- sh -c 'OMP_NUM_THREADS={n} ./solve'
        advisor tune --knob level=1,3,6,9 -- zstd -{level} -kf data
        advisor tune --measure '([0-9.]+) req/s' --higher-is-better -- ./bench {n}
      """)

  @OptionGroup(title: "Search") var search: TuneSearchOptions
  @OptionGroup(title: "Runs") var runs: TuneRunOptions

  @Flag(help: "Keep the answer in .advisor.json, where `advisor exec` finds it.")
  var save = false

  @Flag(help: "Check the kept value in few runs; exit 1 where another is over 10 % better.")
  var check = false

  @OptionGroup var history: HistoryOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var command: TunedCommandArgument

  /// A gain from which on a kept value is out of date.
  private static let outdated = 0.1
  /// Runs that a check may take.
  private static let maxChecks = 5

  func validate() throws {
    if save, check { throw ValidationError("--check changes nothing: leave --save out.") }
    if check, search.start != nil { throw ValidationError("--check starts from the kept value: leave --from out.") }
  }

  func run() throws {
    let words = CommandLineWords.afterTerminator()
    let command = try TunedCommand(words, knobs: search.knobs())
    let machine = try Prober.live.machine()
    let project = try TunedProject(machine)
    if save { try project.checkFile() }
    let kept = check ? try project.required(command) : nil
    var settings = try search.settings(machine, cpus: project.cpus)
    settings.memoryLimit = runs.memoryBytes ?? settings.memoryLimit
    if check { settings.maxRuns = search.maxRuns ?? Self.maxChecks }
    let start = try kept ?? search.startValues(command)
    let (watch, cores) = (TuneWatch(), machine.counts.cores ?? project.cpus)
    Interruption.listen()
    var session = try TuningSession(
      command, command.tuner(start: start, cores: cores, settings), runs.trialOptions(search),
      budgetSeconds: search.budgetSeconds, warmups: runs.warmup, shouldStop: { Interruption.isRequested },
      progress: { watch.show($0) })
    let past = TrialHistory(history, TrialPlace(command, on: machine))
    if let earlier = past.newestTuning(search.objectiveName) { session.recall(earlier) }
    defer { watch.clear() }
    try session.run()
    watch.clear()
    let report = session.report(objective: search.objectiveName, cores: cores)
    let document = TuningDocument(report, causes: session.causes)
    if let fault = session.fault {
      if output.json { try output.show(document, as: "") }
      throw Sentences().error(fault)
    }
    try output.show(document, as: TextReport.tuning(document))
    past.remember(report)
    try conclude(report, command, project)
  }

  private func conclude(_ report: TuningReport, _ command: TunedCommand, _ project: TunedProject) throws {
    if report.stoppedBecause == .interrupted { throw ExitCode(AdvisorError.Code.interrupted.rawValue) }
    guard let best = report.recommended else {
      throw AdvisorError(
        .temporary, "no run had ended when the \(search.budget) were over",
        advice: "allow more, as in --budget 30min, or tune on a smaller input")
    }
    if save { try project.save(best, of: command) }
    guard check, report.verdict == .better, let gain = report.gain, gain.value > Self.outdated else { return }
    Terminal.note(Sentences().text(.outdated))
    throw ExitCode(AdvisorError.Code.someTasksFailed.rawValue)
  }
}

/// A command after `--`, with places for values.
struct TunedCommandArgument: ParsableArguments {
  @Argument(parsing: .postTerminator, help: ArgumentHelp("After --; {n} stands for the value.", valueName: "command"))
  var words: [String] = []

  func validate() throws {
    guard !words.isEmpty else {
      throw ValidationError("There is no command: write one after --, as in: advisor tune -- make -j{n} -B")
    }
  }
}

/// Shows which run is under way, and how much of the time is used.
struct TuneWatch {
  private let bar = ProgressBar("tuning")

  func show(_ progress: TuningSession.Progress) {
    let share = max(progress.seconds / progress.budgetSeconds, Double(progress.run - 1) / Double(progress.maxRuns))
    let values = progress.values.joined(separator: " × ")
    let what =
      progress.stage == .waiting ? "waiting for a quiet moment" : "run \(progress.run) of at most \(progress.maxRuns)"
    bar.draw(
      share,
      [
        values, what,
        "\(Quantity.text(seconds: progress.seconds.rounded())) of \(Quantity.text(seconds: progress.budgetSeconds))",
      ])
  }

  func clear() { bar.clear() }
}
