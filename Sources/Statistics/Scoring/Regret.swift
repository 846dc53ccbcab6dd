/// How much longer a recommended way took than the best of all that were measured.
public enum Regret {
  /// Median time of the recommended candidate over the least median, less one.
  ///
  /// Biased upward: the least of many noisy medians lies below the truth ("winner's curse").
  /// - Parameter runs: the times of each candidate.
  /// - Returns: nil where a candidate has no runs or the recommended one is not among them.
  public static func naive(runs: [[Double]], recommended: Int) -> Double? {
    relative(recommended, to: best(of: runs), in: runs)
  }

  /// Regret without the bias: picks the best candidate on the even runs, compares on the odd ones, then the other way round,
  /// and returns the mean of both. It may be below zero by chance.
  ///
  /// - Returns: nil where a candidate has fewer than two runs.
  public static func splitHalf(runs: [[Double]], recommended: Int) -> Double? {
    let (even, odd) = (half(of: runs, 0), half(of: runs, 1))
    guard let first = relative(recommended, to: best(of: even), in: odd),
      let second = relative(recommended, to: best(of: odd), in: even)
    else { return nil }
    return (first + second) / 2
  }

  /// The times of each round over that round's own middle: what holds up a whole round falls on no candidate, in whatever
  /// state of the machine its other runs were.
  ///
  /// - Parameter runs: the times of each candidate, in the order of the rounds; each has run in all of them.
  /// - Returns: the times as they are where that is not so.
  public static func byRounds(_ runs: [[Double]]) -> [[Double]] {
    let rounds = runs.map(\.count).max() ?? 0
    let middles = (0..<rounds).compactMap { round in
      runs.compactMap { round < $0.count ? $0[round] : nil }.median()
    }
    guard runs.allSatisfy({ $0.count == rounds }), middles.allSatisfy({ $0 > 0 }) else { return runs }
    return runs.map { zip($0, middles).map(/) }
  }

  /// The regret that a perfect adviser would show: that of the best candidate over all runs, by ``splitHalf(runs:recommended:)``.
  public static func noiseFloor(runs: [[Double]]) -> Double? {
    best(of: runs).flatMap { splitHalf(runs: runs, recommended: $0) }
  }

  /// The candidate of the least median; nil when there is none, or one has no runs.
  public static func best(of runs: [[Double]]) -> Int? {
    let medians = runs.compactMap { $0.median() }
    guard medians.count == runs.count else { return nil }
    return medians.indices.min { medians[$0] < medians[$1] }
  }

  private static func relative(_ candidate: Int, to best: Int?, in runs: [[Double]]) -> Double? {
    guard let best, runs.indices.contains(candidate), let least = runs[best].median(),
      let own = runs[candidate].median(), least > 0
    else { return nil }
    return own / least - 1
  }

  private static func half(of runs: [[Double]], _ parity: Int) -> [[Double]] {
    runs.map { times in times.indices.filter { $0 % 2 == parity }.map { times[$0] } }
  }
}
