private import Statistics

/// What tasks cost by how many they are and by the bytes of the files that they are given, `y = a·n + b·x`, fitted to those
/// that have ended.
///
/// The variance of a cost is taken to grow as the cost does, so that the fitted costs of what was seen add up to what it took
/// (the ratio estimator: W. G. Cochran, *Sampling Techniques*, 3rd edition, 1977, chapter 6). A single outlier is held back
/// (P. J. Huber, Robust estimation of a location parameter, 1964). docs/model.md, 8.4.
struct WorkFit: Sendable {
  /// A call that has ended: tasks in it, bytes of their files, and what it has cost, in seconds.
  struct Call: Sendable {
    var tasks: Double
    var bytes: Double
    var seconds: Double
  }

  let perTask: Double
  let perByte: Double
  /// Of what is left between costs and fit: variance over cost.
  private let dispersion: Double
  private let design: LeastSquares
  private let degreesOfFreedom: Double
  /// Of all calls together.
  private let fittedSeconds: Double
  /// Of the residuals as they are, without what the fit has taken from them.
  private let squares: Double
  /// Of bytes in the design, so that both columns are of one size.
  private let byteScale: Double

  /// Standard deviations beyond which a call counts less.
  private static let reach = 3.0
  private static let rounds = 6
  /// The least that a fitted cost may be, as a share of the mean: no call weighs more than others together.
  private static let floor = 0.02

  /// Nil for less than two calls, and for calls that have cost nothing.
  init?(_ calls: [Call]) {
    let (tasks, bytes) = (calls.reduce(0) { $0 + $1.tasks }, calls.reduce(0) { $0 + $1.bytes })
    let seconds = calls.reduce(0) { $0 + $1.seconds }
    guard calls.count >= 2, tasks > 0, seconds > 0 else { return nil }
    let rows = calls.map { bytes > 0 ? [$0.tasks, $0.bytes * tasks / bytes] : [$0.tasks] }
    let least = Self.floor * seconds / tasks
    var fitted = rows.map { row in row.reduce(0, +) / Double(row.count) * seconds / tasks }
    var (solution, weights) = ([0.0], Array(repeating: 1.0, count: rows.count))
    for _ in 0..<Self.rounds {
      let scales = zip(weights, fitted).map { ($0 / max($1, least)).squareRoot() }
      solution = NonNegativeLeastSquares.coefficients(
        rows: zip(rows, scales).map { row, scale in row.map { $0 * scale } },
        observed: zip(calls, scales).map { $0.seconds * $1 })
      fitted = rows.map { row in max(least, zip(row, solution).reduce(0) { $0 + $1.0 * $1.1 }) }
      weights = Self.weights(zip(calls, fitted).map { ($0.seconds - $1) / $1.squareRoot() })
    }
    var design = LeastSquares(columns: rows[0].count)
    var (relative, squares) = (0.0, 0.0)
    for (index, row) in rows.enumerated() {
      let scale = (weights[index] / fitted[index]).squareRoot()
      design.add(row.map { $0 * scale }, observed: calls[index].seconds * scale)
      // By the line itself: the floor is for the weights alone.
      let line: Double = zip(row, solution).reduce(0) { $0 + $1.0 * $1.1 }
      let residual = calls[index].seconds - line
      relative += residual * residual * scale * scale
      squares += residual * residual
    }
    self.design = design
    fittedSeconds = fitted.reduce(0, +)
    dispersion = relative / max(1, weights.reduce(0, +) - Double(rows[0].count))
    // As many calls of one size as know the sum no better than these.
    let alike = fittedSeconds * fittedSeconds / fitted.reduce(0) { $0 + $1 * $1 }
    degreesOfFreedom = max(1, alike - Double(rows[0].count))
    self.squares = squares * alike / max(1, alike - 1)
    perTask = solution[0]
    perByte = solution.count > 1 ? solution[1] * tasks / bytes : 0
    byteScale = bytes > 0 ? tasks / bytes : 0
  }

  private static func weights(_ residuals: [Double]) -> [Double] {
    let deviation = 1.4826 * (residuals.map(abs).median() ?? 0)
    guard deviation > 0 else { return residuals.map { _ in 1 } }
    return residuals.map { min(1, reach * deviation / max(abs($0), .leastNormalMagnitude)) }
  }

  /// Seconds for a number of tasks, and the bytes of all of them together.
  func seconds(tasks: Double, bytes: Double) -> Double { perTask * tasks + perByte * bytes }

  /// The standard deviation of the sum of as many further tasks' costs, over that sum: what each leaves unexplained, and what is
  /// not known of the fit; of few calls as much wider as Student's t is than the normal.
  ///
  /// By the residuals as they are, for large files may scatter in proportion to their size (Cochran, 6.4), or by the fit's own
  /// variance where that is more, as for sizes far from those that were seen.
  func relativeDeviation(tasks: Double, bytes: Double) -> Double {
    let sum = seconds(tasks: tasks, bytes: bytes)
    guard sum > 0 else { return 0 }
    let row = design.columns > 1 ? [tasks, bytes * byteScale] : [tasks]
    // Of calls that are all alike the two columns are one.
    let leverage = design.leverage(of: row) ?? sum * sum / fittedSeconds
    let student = StudentT(degreesOfFreedom: degreesOfFreedom).quantile(0.95) / Normal.quantile(0.95)
    let scatter = squares * (sum * sum / fittedSeconds + sum) / fittedSeconds
    return student * max(scatter, dispersion * (sum + leverage)).squareRoot() / sum
  }
}
