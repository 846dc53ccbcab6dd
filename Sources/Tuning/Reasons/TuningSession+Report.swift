public import AdvisorCore
internal import Tasks

extension TuningSession {
  /// All that the runs have shown.
  ///
  /// - Parameter objective: what is optimized, as the user named it.
  public func report(objective: String) -> TuningReport {
    let outcome = tuner.outcome(stop: stop)
    let best = outcome.best.map { tuner.candidates[$0].values }
    return TuningReport(
      command: ShellQuoting.typed(command.words), knobs: knobs, objective: objective, cpus: tuner.settings.cpus,
      start: named(tuner.candidates[outcome.reference ?? tuner.start].values), recommended: best.map(named),
      line: best.map { ShellQuoting.text(command.arguments($0)) }, verdict: outcome.verdict, gain: outcome.gain,
      lossOfStopping: outcome.loss, runs: tuner.runs.enumerated().map { run($1, order: $0 + 1) }, seconds: seconds,
      stoppedBecause: outcome.stop, reasons: TuningReasons(tuner, outcome)?.all ?? [], caveats: caveats)
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
      maxRSSBytes: run.maxRSSBytes, figure: run.figure, failure: run.ending == .succeeded ? nil : run.ending.text,
      exit: run.ending.exit, disturbed: run.isDirty, order: order)
  }
}
