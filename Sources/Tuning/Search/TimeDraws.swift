/// Draws of the logarithm of the time of every candidate: what it may be, given the runs so far.
struct TimeDraws: Sendable {
  let count: Int
  let candidates: Int
  private var values: [Double]

  init(count: Int, candidates: Int) {
    self.count = count
    self.candidates = candidates
    values = [Double](repeating: 0, count: count * candidates)
  }

  subscript(draw: Int, candidate: Int) -> Double {
    get { values[draw * candidates + candidate] }
    set { values[draw * candidates + candidate] = newValue }
  }

  func mean(of candidate: Int) -> Double {
    var sum = 0.0
    for draw in 0..<count { sum += self[draw, candidate] }
    return sum / Double(count)
  }

  /// Differences of the logarithms of two candidates, ascending.
  func sortedDifferences(_ one: Int, less other: Int) -> [Double] {
    (0..<count).map { self[$0, one] - self[$0, other] }.sorted()
  }
}
