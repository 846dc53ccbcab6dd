public import AdvisorCore
internal import Probe
internal import System

/// Runs a command until its tuner knows enough, or the time is over.
public struct TuningSession {
  /// What is happening, for people who watch.
  public struct Progress: Sendable {
    public enum Stage: Sendable, Hashable { case waiting, running }

    public var stage: Stage
    public var values: [String]
    /// The number of this run, from 1, and the most that there may be.
    public var run: Int
    public var maxRuns: Int
    public var seconds: Double
    public var budgetSeconds: Double
  }

  public let command: TunedCommand
  public private(set) var tuner: Tuner
  /// Why it stopped, where that was not the tuner's decision.
  public private(set) var stop: TuningReport.Stop?
  public private(set) var seconds = 0.0
  /// What must be known to trust the answer, in words.
  public private(set) var caveats: [String] = []
  private var trial: Trial
  private let options: TrialOptions
  private let budgetSeconds: Double
  private let warmups: Int
  private let start = MonotonicClock.seconds
  private let shouldStop: () -> Bool
  private var waitsForQuiet = true
  private var hasChecked = false
  private let isAnnounced: (Progress) -> Void

  /// - Parameters:
  ///   - budgetSeconds: for all runs; the one under way then is stopped.
  ///   - warmups: runs of the start that do not count.
  ///   - shouldStop: asked some 20 times a second.
  ///   - progress: told as often.
  public init(
    _ command: TunedCommand, _ tuner: Tuner, _ options: TrialOptions, budgetSeconds: Double, warmups: Int = 0,
    shouldStop: @escaping () -> Bool, progress: @escaping (Progress) -> Void
  ) throws(AdvisorError) {
    (self.command, self.tuner, self.options, self.budgetSeconds) = (command, tuner, options, budgetSeconds)
    (self.warmups, self.shouldStop, isAnnounced) = (warmups, shouldStop, progress)
    trial = try Trial(command, options, shouldStop: shouldStop)
  }

  /// - Throws: ``AdvisorError`` where the command cannot be started, or does not repeat what it did.
  public mutating func run() throws(AdvisorError) {
    defer { note() }
    for _ in 0..<warmups { if try trialRun(tuner.start) == nil { return interrupted() } }
    while case .run(let candidate) = tuner.step {
      guard secondsLeft > 0, !shouldStop() else { return interrupted() }
      awaitQuiet(candidate)
      guard let run = try trialRun(candidate) else { return interrupted() }
      tuner.record(run)
      if isSuspicious(run), try !isRepeatable() { return interrupted() }
    }
    seconds = MonotonicClock.seconds - start
  }

  private var secondsLeft: Double { budgetSeconds - (MonotonicClock.seconds - start) }

  private mutating func interrupted() {
    seconds = MonotonicClock.seconds - start
    stop = shouldStop() ? .interrupted : .budget
  }

  private mutating func trialRun(_ candidate: Int) throws(AdvisorError) -> TrialRun? {
    let values = tuner.candidates[candidate].values
    let (announce, progress) = (isAnnounced, progress(.running, candidate))
    let start = start
    return try trial.run(values, candidate: candidate, secondsLeft: secondsLeft, patience: patience) {
      var progress = progress
      progress.seconds = MonotonicClock.seconds - start
      announce(progress)
    }
  }

  /// Seconds after which a run that explores is hopeless: threads that wait for each other can take twenty times as long. Only where
  /// a preparation makes up for a run that was killed half-way.
  private var patience: Double {
    guard options.prepare != nil, let best = tuner.runs.filter({ $0.ending == .succeeded }).map(\.seconds).min() else {
      return .infinity
    }
    return max(2, 5 * best)
  }

  private func progress(_ stage: Progress.Stage, _ candidate: Int) -> Progress {
    Progress(
      stage: stage, values: tuner.candidates[candidate].values, run: tuner.runs.count + 1,
      maxRuns: tuner.settings.maxRuns, seconds: MonotonicClock.seconds - start, budgetSeconds: budgetSeconds)
  }
}

extension TuningSession {
  /// Waits until others use less than a quarter of a CPU; where they go on, it does not wait again.
  private mutating func awaitQuiet(_ candidate: Int) {
    let deadline = MonotonicClock.seconds + min(5, secondsLeft / 60)
    while waitsForQuiet, !shouldStop() {
      let before = Contention.reading()
      MonotonicClock.sleep(untilSeconds: MonotonicClock.seconds + 0.2)
      guard let before, let now = Contention.reading(), let contention = Contention(from: before, to: now),
        contention.busy * Double(SystemConstant.onlineCPUs) > 0.25
      else { return }
      isAnnounced(progress(.waiting, candidate))
      if MonotonicClock.seconds > deadline {
        waitsForQuiet = false
        caveats.append("Other processes used the CPUs: the runs differ more than they would on a quiet machine.")
      }
    }
  }

  /// Whether a run makes doubt that the command does the same each time: it fails though the start has worked, or needs far less CPU
  /// time than the first run did.
  private func isSuspicious(_ run: TrialRun) -> Bool {
    guard !hasChecked, let first = tuner.runs.first(where: { $0.candidate == tuner.start }), first.ending == .succeeded
    else { return false }
    if case .failed = run.ending { return true }
    return isFarLess(run, than: first)
  }

  private func isFarLess(_ run: TrialRun, than first: TrialRun) -> Bool {
    guard run.ending == .succeeded, let cpu = run.cpuSeconds, let before = first.cpuSeconds, before > 0.05 else {
      return false
    }
    return cpu < before / 3 && run.seconds < first.seconds
  }

  /// Runs the start once more. False where that was stopped.
  ///
  /// - Throws: ``AdvisorError`` where it fails now, or needs far less than at first.
  private mutating func isRepeatable() throws(AdvisorError) -> Bool {
    hasChecked = true
    guard let first = tuner.runs.first(where: { $0.candidate == tuner.start }) else { return true }
    let last = tuner.runs[tuner.runs.count - 1]
    let again: TrialRun
    if last.candidate == tuner.start {
      again = last
    } else {
      guard secondsLeft > 0, let run = try trialRun(tuner.start) else { return false }
      tuner.record(run)
      again = run
    }
    let name = command.text(of: tuner.candidates[tuner.start].values)
    let advice = "have each run start from the same state, as in --prepare 'make clean'"
    if case .failed = again.ending {
      throw AdvisorError(
        .badData,
        "the command does not repeat: with \(name) it succeeded at first, and then \(again.ending.text)\(said)",
        advice: "\(advice); its output is in \(try trial.log.keep())")
    }
    guard isFarLess(again, than: first), let before = first.cpuSeconds, let now = again.cpuSeconds else { return true }
    throw AdvisorError(
      .badData,
      "the command does not repeat: with \(name) it took \(Quantity.text(seconds: before)) of CPU time at first, and then "
        + "\(Quantity.text(seconds: now)): its work is done already",
      advice: advice)
  }

  private var said: String { trial.log.lastLine.map { ": \($0.quoted)" } ?? "" }

  /// That the command has failed at every value, and how; the last output is kept for the user to read.
  public func failure() throws(AdvisorError) -> AdvisorError {
    let tried = tuner.runs.map { "\(command.text(of: tuner.candidates[$0.candidate].values)) \($0.ending.text)" }
    var seen: Set<String> = []
    let list = tried.filter { seen.insert($0).inserted }.prefix(4).joined(separator: ", ")
    if tuner.runs.allSatisfy({ $0.ending == .withoutFigure }) {
      return AdvisorError(
        .badData, "the command never printed what --measure \(options.figure?.text.quoted ?? "") finds\(said)",
        advice: "compare it with the output of a run, in \(try trial.log.keep())")
    }
    let terminal = "runs have no terminal and an empty input, so that a command that asks for either cannot be tuned"
    return AdvisorError(
      .someTasksFailed, "the command failed at every value that was tried: \(list)\(said)",
      advice: "run it by hand with one of them; the last output is in \(try trial.log.keep()); \(terminal)")
  }

  private mutating func note() {
    if trial.leftBehind > 0 {
      caveats.append(
        "The command left \(trial.leftBehind) process\(trial.leftBehind == 1 ? "" : "es") behind, killed after "
          + "each run: what they still had to do is not in these times.")
    }
  }
}

extension TunedCommand {
  /// `n = 4`, or `workers = 2, threads = 4`.
  public func text(of values: [String]) -> String {
    zip(knobs, values).map { "\($0.name) = \($1)" }.joined(separator: ", ")
  }
}
