private import func Glibc.exp
private import func Glibc.expm1

/// What the draws say about where to stop and where to go on.
struct Decision: Sendable {
  /// The best of the candidates that have run.
  let best: Int
  /// What stopping there is expected to cost, as a share of its time.
  let loss: Double
  /// What is worth running next.
  let next: Int

  /// Fewer workers win within this share of the best time, and twice of it where they are the start.
  private static let tie = 0.005

  /// - Parameters:
  ///   - order: candidates, the preferred first among equals.
  ///   - feasible: candidates that can be chosen; at least one of them has run.
  ///   - allowed: feasible candidates that may run next.
  ///   - runs: how often each candidate has run.
  ///   - start: what is kept unless something is better.
  init(
    _ draws: TimeDraws, order: [Int], feasible: [Bool], allowed: [Bool], runs: [Int], start: Int, isCautious: Bool
  ) {
    let scaled = ScaledTimes(draws, feasible)
    let scores = (0..<draws.candidates).map { isCautious ? scaled.percentile90(of: $0) : scaled.means[$0] }
    let measured = order.filter { feasible[$0] && runs[$0] > 0 }
    let least = measured.map { scores[$0] }.min() ?? 1
    let simplest = measured.first { scores[$0] <= least * (1 + Self.tie) } ?? start
    let keepsStart = measured.contains(start) && scores[start] <= least * (1 + 2 * Self.tie)
    let best = keepsStart ? start : simplest
    self.best = best
    loss = scaled.loss(of: best)
    // Expected improvement (Jones, Schonlau and Welch, 1998) per root of a second: the time of a run counts, but not so much that
    // slow candidates are never seen.
    let gains = order.filter { allowed[$0] && feasible[$0] && $0 != best }.map { candidate in
      (candidate, scaled.improvement(candidate, over: best) / scaled.means[candidate].squareRoot())
    }
    let challenger = gains.max { $0.1 < $1.1 }?.0 ?? best
    next = runs[challenger] > runs[best] ? best : challenger
  }
}

/// Draws of the time, in units of the mean of the least.
private struct ScaledTimes {
  let draws: TimeDraws
  let feasible: [Bool]
  let means: [Double]
  private let times: [Double]
  private let least: [Double]

  init(_ draws: TimeDraws, _ feasible: [Bool]) {
    (self.draws, self.feasible) = (draws, feasible)
    let logLeast = (0..<draws.count).map { draw in
      feasible.indices.reduce(Double.infinity) { feasible[$1] ? min($0, draws[draw, $1]) : $0 }
    }
    let unit = logLeast.reduce(0, +) / Double(draws.count)
    var times = [Double](repeating: 0, count: draws.count * draws.candidates)
    var means = [Double](repeating: 0, count: draws.candidates)
    for candidate in 0..<draws.candidates {
      for draw in 0..<draws.count {
        let time = exp(draws[draw, candidate] - unit)
        times[candidate * draws.count + draw] = time
        means[candidate] += time / Double(draws.count)
      }
    }
    (self.times, self.means) = (times, means)
    least = logLeast.map { exp($0 - unit) }
  }

  func loss(of candidate: Int) -> Double {
    var sum = 0.0
    for draw in 0..<draws.count { sum += times[candidate * draws.count + draw] - least[draw] }
    return sum / Double(draws.count) / means[candidate]
  }

  func improvement(_ candidate: Int, over best: Int) -> Double {
    var sum = 0.0
    for draw in 0..<draws.count {
      sum += max(0, times[best * draws.count + draw] - times[candidate * draws.count + draw])
    }
    return sum / Double(draws.count)
  }

  func percentile90(of candidate: Int) -> Double {
    let sorted = times[candidate * draws.count..<(candidate + 1) * draws.count].sorted()
    return sorted[sorted.count * 9 / 10]
  }
}
