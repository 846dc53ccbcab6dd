private import Synchronization

/// Hands out the numbers of tasks in chunks, in order, each exactly once: one atomic addition a chunk, whatever the count.
final class TaskQueue: Sendable {
  private let count: Int
  private let chunk: Int
  private let nextTask = Atomic(0)

  /// - Precondition: `chunk` ≥ 1.
  init(count: Int, chunk: Int) {
    self.count = count
    // A chunk beyond the count would let the counter overflow when many workers ask in vain.
    self.chunk = min(chunk, max(1, count))
  }

  func next() -> Range<Int>? {
    let start = nextTask.add(chunk, ordering: .relaxed).oldValue
    guard start < count else {
      // Stays near the count, however often workers ask again.
      nextTask.store(count, ordering: .relaxed)
      return nil
    }
    return start..<min(count, start + chunk)
  }
}
