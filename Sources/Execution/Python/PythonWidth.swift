internal import AdvisorCore

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
  private static let mostProcesses = 256
  private static let mostThreads = 512
  private static let mostCoroutines = 4096
  /// Coroutines that are started before anything is known of them: they cost next to nothing while they wait.
  private static let firstCoroutines = 256

  let way: Way?
  private let interpretersAtMost: Int
  private let isFixed: Bool
  private var controller: WorkerController
  private var coroutines: Int
  /// Of coroutines since their number was last set.
  private var ended = 0
  private var busySeconds = 0.0
  private var since: Double?

  /// - Parameter way: nil leaves it to the measurement, for a function that is no coroutine.
  init(_ way: Way?, workers: Int?, limits: CommandLimits) {
    self.way = way
    isFixed = workers != nil
    interpretersAtMost = max(1, Int(limits.cpus.rounded(.up)))
    let most = way == .processes ? Self.mostProcesses : Self.mostThreads
    var bounds = WorkerController.Limits(limits)
    (bounds.most, bounds.mostBecause) = (most, "more have not been found to gain anything")
    // An interpreter that waits for its tasks has started already, and a thread of it costs little.
    bounds.leastLookSeconds = 0.001
    bounds.mostByLook = most
    controller = WorkerController(limits: bounds, fixed: workers)
    coroutines = max(1, min(workers ?? Self.firstCoroutines, Self.mostCoroutines))
  }

  /// Calls at once.
  var workers: Int { way == .loop ? coroutines : controller.workers }

  var reason: String {
    guard way == .loop else { return controller.reason }
    return isFixed ? "as asked" : "coroutines that wait cost next to nothing"
  }

  /// Interpreters, and calls at once in each.
  var shape: (interpreters: Int, threads: Int) {
    switch way {
    case .loop, .threads: (1, workers)
    case .processes: (workers, 1)
    case nil where workers <= interpretersAtMost: (workers, 1)
    case nil: (interpretersAtMost, (workers + interpretersAtMost - 1) / interpretersAtMost)
    }
  }

  mutating func handle(_ event: WorkerController.Event, at now: Double) {
    guard way == .loop else {
      _ = controller.handle(event, at: now)
      return
    }
    if case .ended(let usage) = event { end(usage, at: now) }
  }

  /// More coroutines, while the loop has time for them.
  private mutating func end(_ usage: WorkerController.Usage, at now: Double) {
    guard !isFixed else { return }
    guard let since else {
      since = now
      return
    }
    ended += 1
    busySeconds += usage.cpuSeconds
    guard ended >= 2 * coroutines else { return }
    if busySeconds < 0.5 * (now - since) { coroutines = min(2 * coroutines, Self.mostCoroutines) }
    (ended, busySeconds, self.since) = (0, 0, now)
  }
}
