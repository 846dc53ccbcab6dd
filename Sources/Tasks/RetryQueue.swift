/// Tasks that are to be tried again, each not before a time; some of them when nothing else runs.
package struct RetryQueue {
  private var entries: [(notBefore: Double, task: RunTask)] = []

  /// Tasks that must have all memory to themselves, the first to come last.
  private var exclusive: [RunTask] = []

  var isEmpty: Bool { entries.isEmpty && exclusive.isEmpty }

  var count: Int { entries.count + exclusive.count }

  /// When the first may start, in seconds of the monotonic clock.
  package var due: Double? { entries.last?.notBefore }

  package mutating func insert(_ task: RunTask, notBefore: Double) {
    guard !task.runsAlone else { return exclusive.insert(task, at: 0) }
    // Latest first, so that the next one is taken off the end.
    let index = entries.firstIndex { $0.notBefore <= notBefore } ?? entries.count
    entries.insert((notBefore, task), at: index)
  }

  mutating func next(at now: Double) -> RunTask? {
    guard let entry = entries.last, entry.notBefore <= now else { return nil }
    return entries.removeLast().task
  }

  mutating func nextAlone() -> RunTask? { exclusive.popLast() }
}
