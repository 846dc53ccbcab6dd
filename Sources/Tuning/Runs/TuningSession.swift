public import AdvisorCore
internal import Observation
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
  public internal(set) var tuner: Tuner
  /// Why it stopped, where that was not the tuner's decision.
  public private(set) var stop: TuningReport.Stop?
  public private(set) var seconds = 0.0
  /// What must be known to trust the answer.
  public private(set) var caveats: [TuningCaveat] = []
  /// The tuning that it has started from.
  public private(set) var earlier: TuningReport.Earlier?
  /// Why the command cannot be tuned.
  public internal(set) var fault: TuningFault?
  /// What the longest observed run of each candidate did and waited for.
  private(set) var profiles: [Int: TreeProfile] = [:]
  private(set) var trial: Trial
  let options: TrialOptions
  private let budgetSeconds: Double
  private let warmups: Int
  private let start = MonotonicClock.seconds
  private let shouldStop: () -> Bool
  private var waitsForQuiet = true
  var hasChecked = false
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

  /// Starts from an earlier tuning of the same command. To be called before ``run()``.
  public mutating func recall(_ entry: TuningEntry) {
    let runs = entry.runs.compactMap { run -> TrialRun? in
      let values = command.knobs.map { run.values[$0.name] ?? "" }
      guard run.failure == nil, let candidate = tuner.candidates.firstIndex(where: { $0.values == values }) else {
        return nil
      }
      return TrialRun(
        candidate: candidate, seconds: run.seconds, cpuSeconds: run.cpuSeconds, maxRSSBytes: run.maxRSSBytes,
        othersCPUSeconds: run.disturbed ? run.seconds : 0, figure: run.figure)
    }
    guard !runs.isEmpty, entry.cpus == tuner.settings.cpus else { return }
    tuner.recall(runs)
    earlier = TuningReport.Earlier(at: entry.at, recommended: entry.recommended, runs: entry.runs.count)
  }

  /// Runs until the tuner knows enough, the time is over, or ``fault`` says why the command cannot be tuned.
  ///
  /// - Throws: ``AdvisorError`` where the command cannot be started.
  public mutating func run() throws(AdvisorError) {
    defer { end() }
    for _ in 0..<warmups { if try trialRun(tuner.start) == nil { return interrupted() } }
    while case .run(let candidate) = tuner.step {
      guard secondsLeft > 0, !shouldStop() else { return interrupted() }
      awaitQuiet(candidate)
      guard let run = try trialRun(candidate) else { return interrupted() }
      tuner.record(run)
      if isSuspicious(run), try !isRepeatable() { return interrupted() }
    }
    if tuner.outcome().verdict == .infeasible { fault = failure }
  }

  private mutating func end() {
    seconds = MonotonicClock.seconds - start
    if trial.leftBehind > 0 { caveats.append(.leftBehind(processes: trial.leftBehind)) }
    if let served = tuner.servedSeconds { caveats.append(.servedByOthers(cpuSeconds: served)) }
  }

  var secondsLeft: Double { budgetSeconds - (MonotonicClock.seconds - start) }

  private mutating func interrupted() {
    fault = fault ?? trial.fault
    stop = fault != nil ? .infeasible : shouldStop() ? .interrupted : .budget
  }

  mutating func trialRun(_ candidate: Int) throws(AdvisorError) -> TrialRun? {
    let values = tuner.candidates[candidate].values
    let (announce, progress) = (isAnnounced, progress(.running, candidate))
    let start = start
    var run = try trial.run(values, candidate: candidate, secondsLeft: secondsLeft, patience: patience) {
      var progress = progress
      progress.seconds = MonotonicClock.seconds - start
      announce(progress)
    }
    run?.beganQuiet = waitsForQuiet
    let known = profiles[candidate]?.samples ?? 0
    if run?.failure == nil, trial.profile.samples > known { profiles[candidate] = trial.profile }
    return run
  }

  /// Seconds after which a run that explores is hopeless: threads that wait for each other can take twenty times as long. Only where
  /// a preparation makes up for a run that was killed half-way.
  private var patience: Double {
    guard options.prepare != nil, let best = tuner.runs.filter({ $0.failure == nil }).map(\.seconds).min() else {
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
      MonotonicClock.sleep(untilSeconds: MonotonicClock.seconds + Self.lookSeconds)
      guard let before, let now = Contention.reading(), let contention = Contention(from: before, to: now),
        contention.busy * Double(SystemConstant.onlineCPUs) > 0.25
      else { return }
      isAnnounced(progress(.waiting, candidate))
      if MonotonicClock.seconds > deadline {
        waitsForQuiet = false
        caveats.append(.otherLoad)
      }
    }
  }

  /// Ten ticks of the kernel's clock of CPU time.
  private static let lookSeconds = 0.1
}
