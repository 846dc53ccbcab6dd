private import Synchronization

/// How far a run has come: counters that workers add to and that another thread polls.
public final class Progress: Sendable {
  private let doneCount = Atomic(0)
  private let failedCount = Atomic(0)

  public init() {}

  /// Tasks that ended, failed ones included.
  public var done: Int { doneCount.load(ordering: .relaxed) }
  public var failed: Int { failedCount.load(ordering: .relaxed) }

  func add(done: Int, failed: Int) {
    doneCount.add(done, ordering: .relaxed)
    if failed > 0 { failedCount.add(failed, ordering: .relaxed) }
  }
}
