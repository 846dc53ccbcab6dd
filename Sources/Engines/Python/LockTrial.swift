import Tasks
/// Finds out whether calls that compute release the global interpreter lock: two at once in each interpreter, for a few calls.
///
/// A call that waits for the lock is neither on a CPU nor in the run queue. What it lacks of its wall time beside another call,
/// and did not lack alone, is what the lock takes; no list of modules tells as much.
struct LockTrial: Sendable {
  enum Stage: Sendable, Hashable {
    /// Calls alone in their interpreters are measured.
    case alone
    /// Two calls run in each.
    case paired
    /// Threads in an interpreter that lose no more than ``tolerance`` to the lock; 1 where it is held.
    case over(threads: Int)
  }

  /// The share of the CPUs' time that may be lost to the lock for the sake of fewer interpreters.
  static let tolerance = 0.05
  /// Shorter calls spend much of their time on their way, and threads share that.
  private static let shortestSeconds = 0.005
  /// What each interpreter has called before a trial begins: a run that is over sooner gains nothing from fewer interpreters.
  private static let minAloneSeconds = 0.3

  private(set) var stage = Stage.alone
  /// The share of a call's time that went to waits for the lock; nil before it is known.
  private(set) var lostShare: Double?
  private let interpreters: Int
  private var alone = WorkerController.Total()
  private var paired = WorkerController.Total()
  /// Ends to let pass: of calls that began by themselves.
  private var unsettled = 0

  init(interpreters: Int) {
    self.interpreters = interpreters
    if interpreters < 2 { stage = .over(threads: 1) }
  }

  /// Calls at once in each interpreter.
  var threads: Int {
    switch stage {
    case .alone: 1
    case .paired: 2
    case .over(let threads): threads
    }
  }

  /// Takes in a call that has ended.
  ///
  /// - Parameters:
  ///   - printed: what several threads print cannot be told apart, so that calls that print stay by themselves.
  ///   - threads: that its interpreter had when it ended; those of one thread were under way before the pairs.
  mutating func add(_ usage: WorkerController.Usage, printed: Bool, threads: Int) {
    switch stage {
    case .over: break
    case _ where printed: stage = .over(threads: 1)
    case .alone:
      alone.add(usage)
      guard alone.count >= 4 * interpreters else { return }
      let isFit = alone.busyShare > 0.8 && alone.wallSeconds >= Self.shortestSeconds * Double(alone.count)
      guard isFit else { return stage = .over(threads: 1) }
      guard alone.wallSeconds >= Self.minAloneSeconds * Double(interpreters) else { return }
      stage = .paired
      unsettled = interpreters
    case .paired where threads < 2: break
    case .paired where unsettled > 0: unsettled -= 1
    case .paired:
      paired.add(usage)
      if paired.count >= 2 * interpreters { judge() }
    }
  }

  /// With n threads each loses about n − 1 times what it loses beside one other.
  private mutating func judge() {
    let lost = max(0, 1 - paired.busyShare / alone.busyShare)
    lostShare = lost
    let most = Double(interpreters - 1)
    stage = .over(threads: 1 + Int(min(most, Self.tolerance / max(lost, 1e-3))))
  }
}

extension WorkerController.Total {
  /// Of the wall time, what was spent on a CPU or in the run queue.
  fileprivate var busyShare: Double { wallSeconds > 0 ? busySeconds / wallSeconds : 0 }
}
