/// Workers that become ready one after the other: worker i at `first + i · step` seconds.
struct StaggeredStart: Sendable, Hashable {
  /// When the first worker is ready.
  var first: Double
  /// How much later each next one is.
  var step: Double

  /// When so much perfectly divisible work is done: T solves Σ max(0, T − aᵢ) = work (water-filling).
  ///
  /// - Parameter work: seconds of one worker.
  func finish(work: Double, workers: Int) -> Double {
    guard step > 0 else { return first + work / Double(max(1, workers)) }
    let used = Double(used(work: work, workers: workers))
    return first + work / used + step * (used - 1) / 2
  }

  /// How many of the workers are ready before the work is done; about √(2 · work / step) of very many.
  func used(work: Double, workers: Int) -> Int {
    guard step > 0, work > 0 else { return max(1, workers) }
    // Worker k (from 0) is used when the others have not finished by then: step · k (k + 1) / 2 < work.
    let most = (((1 + 8 * work / step).squareRoot() + 1) / 2).rounded(.up)
    var k = max(1, Int(min(most, Double(workers))))
    while k > 1, step * Double(k) * Double(k - 1) / 2 >= work { k -= 1 }
    return k
  }
}
