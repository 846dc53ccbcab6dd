public import AdvisorCore
public import Observation
internal import System
internal import Tasks

extension TuningSession {
  /// All that the runs have shown.
  ///
  /// - Parameters:
  ///   - objective: what is optimized, as the user named it.
  ///   - cores: physical ones, of which some programs take as many workers by themselves.
  public func report(objective: String, cores: Int) -> TuningReport {
    let outcome = tuner.outcome(stop: stop)
    let best = outcome.best.map { tuner.candidates[$0].values }
    return TuningReport(
      command: ShellQuoting.typed(command.words), knobs: knobs, objective: objective, cpus: tuner.settings.cpus,
      start: named(tuner.candidates[outcome.reference ?? tuner.start].values), recommended: best.map(named),
      line: best.map { ShellQuoting.text(command.arguments($0)) }, verdict: outcome.verdict, gain: outcome.gain,
      usual: usual(outcome, cores: cores), earlier: earlier, lossOfStopping: outcome.loss,
      runs: tuner.runs.enumerated().map { run($1, order: $0 + 1) }, seconds: seconds,
      stoppedBecause: outcome.stop, reasons: TuningReasons(tuner, outcome)?.all ?? [], caveats: noWork + caveats)
  }

  /// Nothing is told by runs that end as soon as they have begun, as those of `make` where all is made.
  private var noWork: [TuningCaveat] {
    let longest = tuner.runs.lazy.filter { $0.failure == nil }.map(\.seconds).max()
    guard let longest, longest < Self.idleSeconds, options.prepare == nil else { return [] }
    return [.noWork(seconds: longest)]
  }

  /// A program that finds nothing to do ends sooner.
  private static let idleSeconds = 0.05

  /// What holds the command back at the value that the gain is measured against, as `why` would say it: what takes most of the time
  /// first. None where too little was seen.
  public var causes: [Cause] {
    guard let reference = tuner.outcome(stop: stop).reference, let profile = profiles[reference],
      profile.samples >= Self.minSamples
    else { return [] }
    return Observation(profile, Observation.Setting(target: "", cpus: SystemConstant.onlineCPUs)).causes
  }

  private static let minSamples = 10

  private func usual(_ outcome: TuningOutcome, cores: Int) -> TuningReport.Usual? {
    guard let best = outcome.best, let program = command.knownProgram else { return nil }
    let workers = program.usual.workers(cpus: tuner.settings.cpus, cores: cores)
    return tuner.gain(of: best, over: workers).map {
      TuningReport.Usual(program: program.name, value: workers, gain: $0)
    }
  }

  private var knobs: [TuningReport.Knob] {
    command.knobs.indices.map { index in
      var seen: Set<String> = []
      let values = tuner.candidates.map { $0.values[index] }.filter { seen.insert($0).inserted }
      return TuningReport.Knob(name: command.knobs[index].name, values: values)
    }
  }

  private func named(_ values: [String]) -> [String: String] {
    Dictionary(zip(command.knobs.map(\.name), values)) { first, _ in first }
  }

  private func run(_ run: TrialRun, order: Int) -> TuningReport.Run {
    TuningReport.Run(
      values: named(tuner.candidates[run.candidate].values), seconds: run.seconds, cpuSeconds: run.cpuSeconds,
      maxRSSBytes: run.maxRSSBytes, figure: run.figure, failure: run.failure,
      exit: run.exit, disturbed: tuner.isDisturbed(run), order: order)
  }
}

extension TrialRun {
  /// The exit status, or 128 and the signal; nil where advisor has ended it.
  fileprivate var exit: Int32? {
    switch failure {
    case nil, .withoutFigure: 0
    case .exited(let status): status
    case .killed(let signal): 128 + signal
    case .timedOut, .outOfMemory: nil
    }
  }
}
