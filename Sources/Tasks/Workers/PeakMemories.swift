/// The peak memory of the tasks that have ended.
struct PeakMemories: Sendable {
  private var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  mutating func add(bytes: Double) {
    // Below a page nothing is told; beyond 2⁶² bytes no machine goes.
    guard bytes >= 4096 else { return }
    let bytes = min(bytes, 0x1p62)
    sum += bytes
    squares += bytes * bytes
    count += 1
  }

  /// These and others.
  func adding(_ others: PeakMemories) -> PeakMemories {
    var all = self
    all.count += others.count
    all.sum += others.sum
    all.squares += others.squares
    return all
  }

  private var mean: Double { sum / max(1, count) }
  private var deviation: Double { max(0, squares / max(1, count) - mean * mean).squareRoot() }

  /// What five of six tasks or more stay below, in bytes, µ + σ; 0 while none is known.
  var ofOne: Double { mean + deviation }

  /// How many tasks together mostly stay below a number of bytes; nil while no task is known.
  ///
  /// The sum of `n` has the mean n·µ and the deviation σ·√n: n·µ + σ·√n ≤ bytes holds in some five of six draws where tasks
  /// differ, and always where they are alike. When the large ones meet, the guard holds further tasks back.
  func fitting(in bytes: Double) -> Double? {
    guard count > 0 else { return nil }
    let root = ((deviation * deviation + 4 * mean * max(0, bytes)).squareRoot() - deviation) / (2 * mean)
    return root * root
  }
}
