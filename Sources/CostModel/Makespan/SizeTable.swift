private import func Glibc.pow
import Statistics

/// A distribution of task sizes, tabulated once so that the expected maxima of any number of tasks are cheap.
struct SizeTable: Sendable {
  private let points: [Double]
  /// Share of tasks up to each point.
  private let cumulative: [Double]
  /// Share of residual lives up to each point: what is left of a task that is met at a random moment.
  private let residual: [Double]
  /// E[R] = (1 + v) / 2.
  let meanResidual: Double

  init(_ sizes: some TaskSizes, resolution: Int = 512) {
    let top = max(sizes.quantile(1 - 1e-7), 1)
    // Cubic spacing: dense where most tasks lie, however long the tail.
    points = (0...resolution).map { top * pow(Double($0) / Double(resolution), 3) }
    let survival = points.map(sizes.survival)
    var area = 0.0
    var residual = [0.0]
    for i in 1...resolution {
      area += (points[i] - points[i - 1]) * (survival[i] + survival[i - 1]) / 2
      residual.append(area)
    }
    cumulative = survival.map { 1 - $0 }
    self.residual = residual.map { min(1, $0 / area) }
    meanResidual = (1 + sizes.scv) / 2
  }

  /// The size below which lies that share of the tasks.
  func quantile(_ share: Double) -> Double {
    var (below, next) = (-1, points.count - 1)
    while next - below > 1 {
      let middle = (below + next) / 2
      if cumulative[middle] >= share { next = middle } else { below = middle }
    }
    guard next > 0, cumulative[next] > cumulative[next - 1] else { return points[next] }
    let fraction = (share - cumulative[next - 1]) / (cumulative[next] - cumulative[next - 1])
    return points[next - 1] + fraction * (points[next] - points[next - 1])
  }

  /// E[max] of a number of task sizes.
  func expectedLongest(of count: Double) -> Double { integral { 1 - pow(cumulative[$0], count) } }

  /// The time from when the last task starts until all workers are idle, in mean task times at full speed.
  ///
  /// Each worker is then in the middle of a task, so what is left of it is a residual life. K of them are still at work after a
  /// time with binomial probability. While K exceeds what the CPUs can carry, each gets K/capacity times slower:
  /// the integral of E[max(1, K / capacity); K ≥ 1], the binomial taken as normal for the excess.
  func expectedEnding(workers: Int, capacity: Double) -> Double {
    let count = Double(workers)
    let crowded = count > capacity * 1.001
    return integral { i in
      let done = residual[i]
      let busy = 1 - pow(done, count)
      guard crowded else { return busy }
      let mean = count * (1 - done)
      let deviation = (count * done * (1 - done)).squareRoot()
      return busy + expectedExcess(mean: mean, deviation: deviation, over: capacity) / capacity
    }
  }

  /// Standard deviation of the longest residual life: √(2 ∫ x (1 − Gʷ) dx − (∫ (1 − Gʷ) dx)²).
  func endingDeviation(workers: Int) -> Double {
    let count = Double(workers)
    let mean = integral { 1 - pow(residual[$0], count) }
    let square = 2 * integral { points[$0] * (1 - pow(residual[$0], count)) }
    return max(0, square - mean * mean).squareRoot()
  }

  private func expectedExcess(mean: Double, deviation: Double, over level: Double) -> Double {
    guard deviation > 1e-9 else { return max(0, mean - level) }
    let z = (mean - level) / deviation
    return deviation * (z * Normal.cumulative(z) + Normal.density(z))
  }

  private func integral(_ value: (Int) -> Double) -> Double {
    var sum = 0.0
    var previous = value(0)
    for i in 1..<points.count {
      let next = value(i)
      sum += (points[i] - points[i - 1]) * (previous + next) / 2
      previous = next
    }
    return sum
  }
}
