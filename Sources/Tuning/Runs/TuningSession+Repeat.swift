internal import AdvisorCore

/// Whether the command does the same each time, and how it fails where it never works.
extension TuningSession {
  /// Whether a run makes doubt that the command does the same each time: it fails though the start has worked, or needs far less CPU
  /// time than the first run did.
  func isSuspicious(_ run: TrialRun) -> Bool {
    guard !hasChecked, let first = tuner.runs.first(where: { $0.candidate == tuner.start }), first.failure == nil
    else { return false }
    if case .exited = run.failure { return true }
    return isFarLess(run, than: first)
  }

  private func isFarLess(_ run: TrialRun, than first: TrialRun) -> Bool {
    guard run.failure == nil, let cpu = run.cpuSeconds, let before = first.cpuSeconds, before > 0.05 else {
      return false
    }
    return cpu < before / 3 && run.seconds < first.seconds
  }

  /// Runs the start once more. False where that was stopped, or it fails now, or needs far less than at first.
  mutating func isRepeatable() throws(AdvisorError) -> Bool {
    hasChecked = true
    guard let first = tuner.runs.first(where: { $0.candidate == tuner.start }), let again = try repeated() else {
      return false
    }
    let setting = command.text(of: tuner.candidates[tuner.start].values)
    if case .exited = again.failure, let failure = again.failure {
      fault = .repeatFails(setting: setting, failure: failure, trial.log.kept)
    } else if isFarLess(again, than: first), let before = first.cpuSeconds, let now = again.cpuSeconds {
      fault = .repeatIsEasier(setting: setting, firstCPUSeconds: before, cpuSeconds: now)
    }
    return fault == nil
  }

  /// A further run of the start: the last one, where that was it. Nil where there is no time for one.
  private mutating func repeated() throws(AdvisorError) -> TrialRun? {
    if let last = tuner.runs.last, last.candidate == tuner.start { return last }
    guard secondsLeft > 0, let run = try trialRun(tuner.start) else { return nil }
    tuner.record(run)
    return run
  }

  /// That the command has failed at every value, and how.
  var failure: TuningFault {
    if tuner.runs.allSatisfy({ $0.failure == .withoutFigure }) {
      return .noFigure(pattern: options.figure?.text ?? "", trial.log.kept)
    }
    let tried = tuner.runs.compactMap { run in
      run.failure.map {
        TuningFault.Attempt(setting: command.text(of: tuner.candidates[run.candidate].values), failure: $0)
      }
    }
    var seen: Set<TuningFault.Attempt> = []
    return .failsEverywhere(tried: tried.filter { seen.insert($0).inserted }, trial.log.kept)
  }
}

extension TunedCommand {
  /// `n = 4`, or `workers = 2, threads = 4`.
  func text(of values: [String]) -> String {
    zip(knobs, values).map { "\($0.name) = \($1)" }.joined(separator: ", ")
  }
}
