public import AdvisorCore
private import Statistics

/// The times of tasks that have ended, and how long others like them take.
public struct TaskTimes: Sendable, Hashable {
  private var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  public init() {}

  /// Takes in a call that did a number of tasks.
  public mutating func add(wallSeconds: Double, tasks: Int = 1) {
    guard tasks > 0, wallSeconds.isFinite else { return }
    let each = wallSeconds / Double(tasks)
    count += Double(tasks)
    sum += wallSeconds
    squares += wallSeconds * each
  }

  /// The standard deviation of a task's time; 0 before two have ended.
  public var deviation: Double {
    guard count >= 2 else { return 0 }
    let mean = sum / count
    return (max(0, squares / count - mean * mean) * count / (count - 1)).squareRoot()
  }

  /// The standard error of the mean, as a share of it.
  public var relativeError: Double { sum > 0 ? deviation * count.squareRoot() / sum : 0 }

  /// Seconds until a number of workers has done a number of tasks; nil before two have ended.
  ///
  /// At the end the last task may run alone.
  public func left(_ tasks: Int, workers: Int) -> Prediction.Seconds? {
    guard count >= 2, tasks >= 0, workers > 0 else { return nil }
    guard tasks > 0, sum > 0 else { return Prediction.Seconds(p5: 0, p50: 0, p95: 0) }
    let workers = Double(min(workers, tasks))
    let mean = sum / count
    let middle = Double(tasks) * mean / workers
    let half = middle * Self.relativeHalfWidth(deviation: deviation / mean, of: Double(tasks), knownFrom: count)
    return Prediction.Seconds(
      p5: max(0, middle - half), p50: middle, p95: middle + half + mean * (1 - 1 / workers))
  }

  /// Half the width of the 90 % interval of a sum of `n` independent times whose mean is known from `k` others, as a share of
  /// the sum: `t · σ/µ · √(1/n + 1/k)`.
  ///
  /// - Parameters:
  ///   - deviation: the standard deviation of a time over its mean, σ/µ.
  ///   - isEstimated: whether that is known from the same `k` times only, so that `t` is Student's and not the normal's.
  static func relativeHalfWidth(
    deviation: Double, of n: Double, knownFrom k: Double, isEstimated: Bool = true
  ) -> Double {
    guard deviation > 0 else { return 0 }
    let t = isEstimated ? StudentT(degreesOfFreedom: max(1, k - 1)).quantile(0.95) : Normal.quantile(0.95)
    return t * deviation * (1 / n + 1 / k).squareRoot()
  }
}
