private import func Glibc.exp
private import func Glibc.log
private import func Glibc.pow
import Statistics

/// By how much runs of one kind scale worse than the model says, as N. Gunther's universal scalability law puts it: their
/// throughput is the predicted one over 1 + α(w−1) + βw(w−1) (docs/model.md, 6.5).
///
/// About the mean of the runs that are known: what all numbers of workers have in common is the discrepancy's.
struct ScalingResidual: Hashable, Sendable {
  /// With fewer numbers of workers a curve would be drawn through noise.
  private static let fewestCounts = 4
  /// As if a quarter of a run with the most workers had shown nothing of either kind: what few or erratic runs show is drawn
  /// to none.
  private static let restraint = 0.25
  /// Older runs have been forgotten anyway: 0.9⁴⁸ is below 1 %.
  private static let maxRuns = 48

  private struct Run: Hashable, Sendable {
    var workers: Double
    var logRatio: Double

    var waiting: Double { workers - 1 }
    var agreeing: Double { workers * (workers - 1) }
  }

  private var runs: [Run] = []
  private var contention = 0.0
  private var coherence = 0.0
  /// The mean of the curve's logarithm over the runs.
  private var centre = 0.0

  /// What the logarithm of the seconds has to be raised by; numbers of workers outside those seen count as the nearest seen.
  func logFactor(workers: Int) -> Double {
    guard contention > 0 || coherence > 0, let least = runs.map(\.workers).min(), let most = runs.map(\.workers).max()
    else { return 0 }
    return curve(Run(workers: min(most, max(least, Double(workers))), logRatio: 0)) - centre
  }

  mutating func learn(workers: Int, logRatio: Double) {
    runs = runs.suffix(Self.maxRuns - 1) + [Run(workers: Double(workers), logRatio: logRatio)]
    guard Set(runs.map(\.workers)).count >= Self.fewestCounts else { return }
    fit()
  }

  private func curve(_ run: Run) -> Double { log(1 + contention * run.waiting + coherence * run.agreeing) }

  /// Least squares of the ratios' relative errors: ratio = k (1 + α(w−1) + βw(w−1)), none of the three below 0.
  private mutating func fit() {
    let weights = runs.indices.map { pow(Discrepancy.forgetting, Double(runs.count - 1 - $0)) }
    var rows: [[Double]] = []
    var targets: [Double] = []
    for (run, weight) in zip(runs, weights) {
      let scale = weight.squareRoot() / exp(run.logRatio)
      rows.append([scale, scale * run.waiting, scale * run.agreeing])
      targets.append(weight.squareRoot())
    }
    let most = runs.max { $0.workers < $1.workers } ?? runs[0]
    let restraint = Self.restraint.squareRoot() / exp(most.logRatio)
    rows += [[0, restraint * most.waiting, 0], [0, 0, restraint * most.agreeing]]
    targets += [0, 0]
    let solution = NonNegativeLeastSquares.coefficients(rows: rows, observed: targets)
    guard solution[0] > 0 else { return }
    (contention, coherence) = (solution[1] / solution[0], solution[2] / solution[0])
    let total = weights.reduce(0, +)
    centre = zip(runs, weights).reduce(0) { $0 + $1.1 * curve($1.0) } / total
  }
}
