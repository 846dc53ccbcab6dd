/// Tasks that are to be tried again, each not before a time; some of them where there is memory for them, or when nothing
/// else runs.
package struct RetryQueue {
  private var entries: [(notBefore: Double, task: RunTask)] = []

  /// Tasks that wait for memory, the first to come last.
  private var large: [RunTask] = []

  var isEmpty: Bool { entries.isEmpty && large.isEmpty }

  var count: Int { entries.count + large.count }

  /// When the first may start, in seconds of the monotonic clock.
  package var due: Double? { entries.last?.notBefore }

  package mutating func insert(_ task: RunTask, notBefore: Double) {
    guard !task.runsAlone, task.reliefs == 0 else { return large.insert(task, at: 0) }
    // Latest first, so that the next one is taken off the end.
    let index = entries.firstIndex { $0.notBefore <= notBefore } ?? entries.count
    entries.insert((notBefore, task), at: index)
  }

  /// - Parameter roomBytes: memory that a task may take beside those that run.
  mutating func next(at now: Double, roomBytes: Double) -> RunTask? {
    if let entry = entries.last, entry.notBefore <= now { return entries.removeLast().task }
    let place = large.lastIndex { !$0.runsAlone && $0.heldBytes <= roomBytes }
    return place.map { large.remove(at: $0) }
  }

  /// One that waits for memory, where nothing else runs.
  mutating func nextAlone() -> RunTask? { large.popLast() }
}
