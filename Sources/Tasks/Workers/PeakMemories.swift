/// The peak memory of the tasks that have ended.
struct PeakMemories: Sendable {
  private var count = 0.0
  private var sum = 0.0

  mutating func add(bytes: Double) {
    // Below a page nothing is told; beyond 2⁶² bytes no machine goes.
    guard bytes >= 4096 else { return }
    sum += min(bytes, 0x1p62)
    count += 1
  }

  /// These and others.
  func adding(_ others: PeakMemories) -> PeakMemories {
    var all = self
    all.count += others.count
    all.sum += others.sum
    return all
  }

  /// In bytes; 0 while none is known.
  var mean: Double { sum / max(1, count) }

  /// How many tasks fit in a number of bytes in the mean; nil while no task is known.
  ///
  /// Where large ones meet, those that still grow wait for the others (``MemoryTurns``).
  func fitting(in bytes: Double) -> Double? { count > 0 ? max(0, bytes) / mean : nil }
}
