/// How long the tasks that are left will take, judged by those that have ended.
public struct RemainingTime: Sendable {
  private var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  public init() {}

  /// Takes in a call that did so many tasks.
  public mutating func add(wallSeconds: Double, tasks: Int = 1) {
    guard tasks > 0, wallSeconds.isFinite else { return }
    let each = wallSeconds / Double(tasks)
    count += Double(tasks)
    sum += wallSeconds
    squares += wallSeconds * each
  }

  /// The standard deviation of a task's time; 0 before two have ended.
  public var deviation: Double { count >= 2 ? (variance * count / (count - 1)).squareRoot() : 0 }

  /// Of those that have ended.
  private var variance: Double {
    let mean = sum / count
    return max(0, squares / count - mean * mean)
  }

  /// The standard error of the mean, as a share of it.
  public var relativeError: Double { sum > 0 ? deviation * count.squareRoot() / sum : 0 }

  /// Seconds until so many tasks have been done by so many workers, 90 % sure; nil before two have ended.
  ///
  /// The sum of `n` independent times, whose mean is known from `k` others, has the variance `σ²(n + n²/k)`; at the end
  /// the last task may run alone.
  public func range(left: Int, workers: Int) -> ClosedRange<Double>? {
    guard count >= 2, left >= 0, workers > 0 else { return nil }
    let (tasks, workers) = (Double(left), Double(min(workers, max(1, left))))
    let mean = sum / count
    let middle = tasks * mean / workers
    let spread = 1.645 * (variance * (tasks + tasks * tasks / count)).squareRoot() / workers
    return max(0, middle - spread)...(middle + spread + (left > 0 ? mean * (1 - 1 / workers) : 0))
  }
}
