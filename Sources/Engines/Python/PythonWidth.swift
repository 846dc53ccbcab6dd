internal import AdvisorCore
internal import Tasks

/// How many calls are under way at once, and in how many interpreters: by what the first ones use, or as the user says.
struct PythonWidth: Sendable {
  /// The way of running calls that the user has chosen.
  enum Way: Sendable, Hashable {
    /// One call at a time in each interpreter.
    case processes
    /// All calls in threads of one interpreter.
    case threads
    /// Coroutines on one event loop.
    case loop
  }

  /// More interpreters, threads and coroutines than these have not been found to gain anything.
  private static let maxProcesses = 256
  private static let maxThreads = 512
  private static let maxCoroutines = 4096
  /// Coroutines that are started before anything is known of them: they cost next to nothing while they wait.
  private static let firstCoroutines = 256
  /// Threads by looks at calls alone: what has waited for milliseconds may compute later, and late it must not be where
  /// calls have a time limit.
  private static let firstThreads = (free: 256, timed: 64)

  let way: Way?
  private let interpretersAtMost: Int
  private let isFixed: Bool
  private var controller: WorkerController
  private var trial: LockTrial
  private var coroutines: Int
  /// Of all calls together at the last look.
  private var seen = WorkerController.Usage(wallSeconds: 0, cpuSeconds: 0)
  /// Of coroutines since their number was last set.
  private var ended = 0
  private var busySeconds = 0.0
  private var since: Double?

  /// - Parameter way: nil leaves it to the measurement, for a function that is no coroutine.
  init(_ way: Way?, workers: Int?, limits: TaskLimits, timed: Bool = false) {
    self.way = way
    isFixed = workers != nil
    interpretersAtMost = max(1, Int(limits.cpus.rounded(.up)))
    let most = way == .processes ? Self.maxProcesses : Self.maxThreads
    var bounds = WorkerController.Limits(limits)
    bounds.limit = .ceiling(most)
    // An interpreter that waits for its tasks has started already, and a thread of it costs little.
    bounds.minLookSeconds = 0.001
    bounds.maxByLook = min(most, timed ? Self.firstThreads.timed : Self.firstThreads.free)
    trial = LockTrial(interpreters: way == nil && workers == nil ? interpretersAtMost : 1)
    controller = WorkerController(limits: bounds, fixed: workers)
    coroutines = max(1, min(workers ?? Self.firstCoroutines, Self.maxCoroutines))
  }

  /// Calls at once.
  var workers: Int { way == .loop ? coroutines : controller.workers }

  /// How calls run now.
  var strategy: Strategy {
    switch way {
    case .loop: .async
    case .threads: .threads
    case .processes: .processes
    // A call more than there are interpreters makes no threads of those that compute.
    case nil: isFreeOfLock || shape.threads > 1 && workers >= 2 * shape.interpreters ? .threads : .processes
    }
  }

  /// How many of `calls` follow one another where none is held up: coroutines become more on the way.
  func rounds(of calls: Int) -> Int {
    guard way == .loop, !isFixed else { return (calls + workers - 1) / workers }
    var (rounds, left, width) = (0, calls, coroutines)
    while left > 0 {
      let pair = min(2, (left + width - 1) / width)
      (rounds, left, width) = (rounds + pair, left - pair * width, min(2 * width, Self.maxCoroutines))
    }
    return rounds
  }

  var reason: ConcurrencyReason {
    guard way == .loop else { return trial.reason ?? controller.reason }
    return isFixed ? .requested : .coroutines
  }

  /// Whether calls were found to compute side by side in one interpreter.
  var isFreeOfLock: Bool { if case .over(let threads) = trial.stage { threads > 1 } else { false } }

  /// Whether calls run in pairs for the lock's sake.
  var isTrial: Bool { way == nil && trial.stage == .paired }

  /// Interpreters, and calls at once in each.
  var shape: (interpreters: Int, threads: Int) {
    switch way {
    case .loop, .threads: (1, workers)
    case .processes: (workers, 1)
    case nil where isTrial: (interpretersAtMost, trial.threads)
    case nil:
      Self.split(workers, over: min(workers, (interpretersAtMost + trial.threads - 1) / trial.threads))
    }
  }

  private static func split(_ workers: Int, over interpreters: Int) -> (Int, Int) {
    (interpreters, (workers + interpreters - 1) / interpreters)
  }

  /// Takes in what all calls under way have used so far, at a look at them.
  ///
  /// What counts is what they do now: the first moments of a call often are its own start.
  mutating func look(_ calls: [WorkerController.Usage], at now: Double) {
    let total = calls.reduce(into: WorkerController.Usage(wallSeconds: 0, cpuSeconds: 0)) { sum, call in
      sum.wallSeconds += call.wallSeconds
      sum.cpuSeconds += call.cpuSeconds
      sum.queuedSeconds += call.queuedSeconds
    }
    let slice = WorkerController.Usage(
      wallSeconds: total.wallSeconds - seen.wallSeconds, cpuSeconds: max(0, total.cpuSeconds - seen.cpuSeconds),
      queuedSeconds: max(0, total.queuedSeconds - seen.queuedSeconds),
      memoryBytes: calls.map(\.memoryBytes).max() ?? 0)
    seen = total
    if way != .loop { _ = controller.handle(.looked([slice]), at: now) }
  }

  /// Takes in a call that has ended, in an interpreter with a number of threads.
  mutating func end(_ usage: WorkerController.Usage, printed: Bool = false, threads: Int = 1, at now: Double) {
    guard way != .loop else { return endOnLoop(usage, at: now) }
    let wasPaired = trial.stage == .paired
    trial.add(usage, printed: printed, threads: threads)
    // Calls in pairs are no measure of how many there should be.
    if !wasPaired { _ = controller.handle(.ended(usage), at: now) }
  }

  /// More coroutines, while the loop has time for them.
  private mutating func endOnLoop(_ usage: WorkerController.Usage, at now: Double) {
    guard !isFixed else { return }
    guard let since else {
      since = now
      return
    }
    ended += 1
    busySeconds += usage.cpuSeconds
    guard ended >= 2 * coroutines else { return }
    if busySeconds < 0.5 * (now - since) { coroutines = min(2 * coroutines, Self.maxCoroutines) }
    (ended, busySeconds, self.since) = (0, 0, now)
  }
}

extension LockTrial {
  /// What the lock has to do with how calls run; nil where that was not found out.
  fileprivate var reason: ConcurrencyReason? {
    guard case .over(let threads) = stage, let lostShare else { return nil }
    return .gil(lostShare: lostShare, threads: threads)
  }
}
