public import AdvisorCore

/// How the calls of a function run at a moment, and would go on.
public struct PythonConcurrency: Sendable {
  let width: PythonWidth
  /// CPUs' worth of time that there is.
  let cpus: Double
  let holdsLock: Bool

  public var strategy: Strategy { width.strategy }

  /// Calls at once.
  public var workers: Int { width.workers }

  public var interpreters: Int { width.shape.interpreters }

  /// CPUs that calls can compute on at once: one an interpreter, unless they do without its lock.
  public var lanes: Double { holdsLock && !width.isFreeOfLock ? min(cpus, Double(interpreters)) : cpus }

  /// Why as many run at once, in as many interpreters.
  public var reason: ConcurrencyReason { width.reason }

  /// Whether calls run beside one another to find out what the lock takes, and tell of themselves only that.
  public var isTrial: Bool { width.isTrial }

  /// How many of `calls` follow one another where none is held up.
  public func rounds(of calls: Int) -> Int { width.rounds(of: calls) }
}
