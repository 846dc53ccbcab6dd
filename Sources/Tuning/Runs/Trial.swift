internal import AdvisorCore
internal import Observation
internal import Probe
internal import System
internal import Tasks

/// How one run of the command is made, and what ends it early.
public struct TrialOptions: Sendable {
  /// A line for a shell that runs before each run, and is not measured.
  public var prepare: String?
  /// Seconds after which a run is stopped; nil is no limit.
  public var timeout: Double?
  /// Resident bytes of the process tree above which a run is stopped; nil is no limit.
  public var memoryLimit: Double?
  /// Finds the figure that the command prints: the first group, or all that matches.
  public var figure: FigurePattern?

  public init() {}
}

/// Runs the command once for each call, and leaves nothing of it behind.
struct Trial {
  private let command: TunedCommand
  private let options: TrialOptions
  private let shouldStop: () -> Bool
  private let protector: ProcessGuard
  let log: TrialLog
  /// Processes that runs have left behind, and that were killed.
  private(set) var leftBehind = 0
  /// What the last run did and waited for.
  private(set) var profile = TreeProfile()
  /// Why no run can be made.
  private(set) var fault: TuningFault?
  /// Seconds that a run has to end once it was told to.
  private static let secondsToStop = 2.0

  init(_ command: TunedCommand, _ options: TrialOptions, shouldStop: @escaping () -> Bool) throws(AdvisorError) {
    (self.command, self.options, self.shouldStop) = (command, options, shouldStop)
    log = try TrialLog()
    protector = try ProcessGuard(capacity: 1)
  }

  /// Prepares and runs.
  ///
  /// - Parameters:
  ///   - candidate: its index among the tuner's candidates.
  ///   - secondsLeft: after which the run is stopped for want of time.
  ///   - patience: seconds after which the value is out; so it is after the timeout.
  ///   - watch: called from time to time.
  /// - Returns: nil where the user, or the end of the time, has stopped it, or the preparation has failed.
  /// - Throws: ``AdvisorError`` where it cannot be started.
  mutating func run(
    _ values: [String], candidate: Int, secondsLeft: Double, patience: Double, watch: () -> Void
  ) throws(AdvisorError) -> TrialRun? {
    log.begin()
    if let line = options.prepare, try !prepare(command.line(line, values), secondsLeft, watch) { return nil }
    log.begin()
    let before = Contention.reading()
    let timeout = min(options.timeout ?? .infinity, patience)
    let limits = Limits(
      seconds: min(secondsLeft, timeout), isTimeout: timeout <= secondsLeft,
      bytes: options.memoryLimit ?? .infinity)
    let (run, ending) = try observe(command.arguments(values), limits, watch)
    guard let ending else { return nil }
    profile = run.profile
    var trial = TrialRun(
      candidate: candidate, failure: ending.failure, seconds: run.seconds, cpuSeconds: run.cpuSeconds,
      maxRSSBytes: Self.peakBytes(of: run).map(Double.init),
      othersCPUSeconds: Self.othersSeconds(since: before, run),
      runnable: run.runnable.map { $0 / max(run.seconds, 1e-9) })
    if let pattern = options.figure, trial.failure == nil {
      trial.figure = pattern.value(in: log.tail)
      if trial.figure == nil { trial.failure = .withoutFigure }
    }
    return trial
  }

  /// The largest resident memory of the tree, as samples or the kernel have seen it; nil where it was over before a sample, and smaller
  /// than this process, in whose memory it began (``Exit/maxRSSBytes``).
  private static func peakBytes(of run: ObservedRun) -> Int? {
    let own = run.exit.maxRSSBytes > PeakMemory.current ? run.exit.maxRSSBytes : 0
    let peak = max(run.peakBytes, own)
    return peak > 0 ? peak : nil
  }

  /// - Returns: false where it was stopped, or has failed.
  private mutating func prepare(_ line: [UInt8], _ secondsLeft: Double, _ watch: () -> Void) throws(AdvisorError)
    -> Bool
  {
    let limits = Limits(seconds: secondsLeft, isTimeout: false, bytes: .infinity)
    let (_, ending) = try observe(["/bin/sh", "-c"].map { Array($0.utf8) } + [line], limits, watch)
    guard let ending else { return false }
    guard let failure = ending.failure else { return true }
    fault = .preparation(line: String(decoding: line, as: UTF8.self), failure: failure, log.kept)
    return false
  }

  private struct Limits {
    var seconds: Double
    /// Whether reaching them says something about the value, rather than that the time for all is over.
    var isTimeout: Bool
    var bytes: Double
  }

  /// How a run has ended by itself, or against a limit.
  private struct Ending { var failure: TrialFailure? }

  /// Runs a program to its end. The ending is nil where the user, or the end of the time, has stopped it.
  private mutating func observe(
    _ arguments: [[UInt8]], _ limits: Limits, _ watch: () -> Void
  ) throws(AdvisorError) -> (ObservedRun, Ending?) {
    var launch = Launch(
      [], program: arguments.first.map { String(decoding: $0, as: UTF8.self) }, output: log.file.number,
      error: log.file.number)
    launch.rawArguments = arguments
    launch.ownSession = true
    var cause: StopCause?
    var stoppedAt = 0.0
    let (start, kills) = (MonotonicClock.seconds, MemoryKills.count())
    let run = try CommandObserver(launch, protection: protector).run { profile in
      watch()
      log.bound()
      let now = MonotonicClock.seconds
      if cause != nil { return now - stoppedAt > Self.secondsToStop ? Signal.kill : nil }
      cause = reason(toStop: profile, after: now - start, limits)
      stoppedAt = now
      return cause.map { $0 == .memory ? Signal.kill : Signal.terminate }
    }
    leftBehind += run.leftBehind
    return (run, ending(of: run, cause, limits, killsBefore: kills))
  }

  private enum StopCause { case user, time, memory }

  private func reason(toStop profile: TreeProfile, after seconds: Double, _ limits: Limits) -> StopCause? {
    if shouldStop() { return .user }
    if seconds > limits.seconds { return .time }
    return Double(profile.peakBytes) > limits.bytes ? .memory : nil
  }

  private func ending(
    of run: ObservedRun, _ cause: StopCause?, _ limits: Limits, killsBefore: Int
  ) -> Ending? {
    switch cause {
    case .user: return nil
    case .time: return limits.isTimeout ? Ending(failure: .timedOut) : nil
    case .memory: return Ending(failure: .outOfMemory)
    case nil: break
    }
    let kills = MemoryKills.count() - killsBefore
    return switch run.exit.status {
    case .exited(0): Ending()
    case _ where kills > 0: Ending(failure: .outOfMemory)
    case .exited(let status): Ending(failure: .exited(status: status))
    case .killed(let signal): Ending(failure: .killed(signal: signal))
    }
  }

  /// CPU time of all but the command and this process.
  private static func othersSeconds(since before: Contention.Reading?, _ run: ObservedRun) -> Double {
    guard let before, let now = Contention.reading(), let contention = Contention(from: before, to: now) else {
      return 0
    }
    let busy = contention.busy * Double(SystemConstant.onlineCPUs) * run.seconds
    return max(0, busy - run.cpuSeconds - run.samplingSeconds)
  }
}
