private import func Glibc.floor
private import func Glibc.log
private import func Glibc.pow

/// Straight lines through successive stretches of observations, broken where that explains enough more.
///
/// The breaks are the ones that leave the least sum of squares, found by dynamic programming; their number minimises the
/// criterion of Liu, Wu and Zidek, which breaks a series without a break in fewer than one case in a hundred where BIC
/// does in one of ten (J. Bai and P. Perron, *Computation and analysis of multiple structural change models*, J. Applied
/// Econometrics 18, 2003; J. Liu, S. Wu, J. V. Zidek, *On segmented multivariate regression*, Statistica Sinica 7, 1997).
public struct SegmentedRegression: Sendable {
  /// A line from the first observation of a stretch to its last.
  public struct Segment: Sendable {
    /// Observations, by their place.
    public let range: Range<Int>
    /// Values of the line at the first and at the last observation.
    public let start: Double
    public let end: Double

    public var rise: Double { end - start }
  }

  /// In order; one where there is no break.
  public let segments: [Segment]
  /// The information criterion of Liu, Wu and Zidek; smaller is better.
  public let criterion: Double
  /// Whether the lines go through all observations, as far as rounding can tell.
  public let isExact: Bool
  private let count: Int
  /// What rounding leaves of a sum of squares.
  private let floor: Double

  /// - Parameter x: in ascending order.
  /// - Parameter minLength: observations in a segment; at least three.
  /// - Returns: nil for fewer observations than three segments have: too few to tell a break from chance.
  public init?(x: [Double], y: [Double], minLength: Int = 7, maxBreaks: Int = 8) {
    guard x.count == y.count, x.count >= 3 * minLength, let sums = RegressionSums(x: x, y: y) else { return nil }
    let count = x.count
    self.count = count
    floor = max(RegressionSums.relativePrecision * sums.residual(0..<count, slope: 0), .leastNormalMagnitude)
    let paths = Self.paths(sums, count: count, minLength: minLength, maxBreaks: min(maxBreaks, count / minLength - 1))
    let criteria = paths.sums.enumerated().map { [floor] breaks, sum in
      Self.criterion(residuals: max(sum, floor), count: count, parameters: 3 * breaks + 2)
    }
    let best = criteria.indices.min { criteria[$0] < criteria[$1] } ?? 0
    criterion = criteria[best]
    isExact = paths.sums[best] <= floor
    var starts = [count]
    for breaks in (0..<best).reversed() { starts.append(paths.starts[breaks][starts[starts.count - 1]]) }
    starts.append(0)
    starts.reverse()
    segments = zip(starts, starts.dropFirst()).map { sums.segment($0..<$1) }
  }

  /// The criterion of another model of the same observations.
  ///
  /// - Parameter residuals: its sum of squares.
  public func criterion(residuals: Double, parameters: Int) -> Double {
    Self.criterion(residuals: max(residuals, floor), count: count, parameters: parameters)
  }

  /// `ln(RSS / (n − p)) + p·0.299·(ln n)^2.1 / n` (Liu, Wu, Zidek 1997).
  private static func criterion(residuals: Double, count: Int, parameters: Int) -> Double {
    let (count, parameters) = (Double(count), Double(parameters))
    return log(residuals / (count - parameters))
      + parameters * 0.299 * pow(log(count), 2.1) / count
  }

  /// The least sum of squares of all observations by the number of breaks; and by break and by end, where the last segment
  /// starts.
  private static func paths(
    _ sums: RegressionSums, count: Int, minLength: Int, maxBreaks: Int
  ) -> (sums: [Double], starts: [[Int]]) {
    var least = (0...count).map { $0 < minLength ? .infinity : sums.residual(0..<$0) }
    var (totals, starts) = ([least[count]], [[Int]]())
    // Each is asked for once a break.
    let tails = (0...count).map { end in
      (0...max(0, end - minLength)).map { end - $0 < minLength ? .infinity : sums.residual($0..<end) }
    }
    for _ in stride(from: 1, through: maxBreaks, by: 1) {
      var next = Array(repeating: Double.infinity, count: count + 1)
      var from = Array(repeating: 0, count: count + 1)
      for end in minLength...count {
        for start in tails[end].indices where least[start] + tails[end][start] < next[end] {
          (next[end], from[end]) = (least[start] + tails[end][start], start)
        }
      }
      least = next
      totals.append(least[count])
      starts.append(from)
    }
    return (totals, starts)
  }
}

/// Running sums, from which the line through any stretch follows at once.
private struct RegressionSums {
  /// Precision of differences between running sums, as a share of the whole.
  static let relativePrecision = 1e-10

  private let x: [Double]
  private var sums: [(x: Double, y: Double, xx: Double, xy: Double, yy: Double)] = [(0, 0, 0, 0, 0)]
  private let meanY: Double

  /// Nil where all x are alike.
  init?(x: [Double], y: [Double]) {
    guard let first = x.first, let last = x.last, last > first else { return nil }
    self.x = x.map { 2 * ($0 - first) / (last - first) - 1 }
    let mean = y.reduce(0, +) / Double(y.count)
    meanY = mean
    for (x, y) in zip(self.x, y.map({ $0 - mean })) {
      let last = sums[sums.count - 1]
      sums.append((last.x + x, last.y + y, last.xx + x * x, last.xy + x * y, last.yy + y * y))
    }
  }

  /// The sum of squares that a line leaves.
  ///
  /// - Parameter slope: nil for the best one.
  func residual(_ range: Range<Int>, slope: Double? = nil) -> Double {
    let (_, _, xx, xy, yy) = centred(range)
    guard let slope else { return max(0, xx > 0 ? yy - xy * xy / xx : yy) }
    return max(0, yy - 2 * slope * xy + slope * slope * xx)
  }

  func segment(_ range: Range<Int>) -> SegmentedRegression.Segment {
    let (meanX, mean, xx, xy, _) = centred(range)
    let value = { (index: Int) in meanY + mean + (xx > 0 ? xy / xx : 0) * (x[index] - meanX) }
    return .init(range: range, start: value(range.lowerBound), end: value(range.upperBound - 1))
  }

  /// Means, and sums of squares and products about them.
  private func centred(_ range: Range<Int>) -> (Double, Double, xx: Double, xy: Double, yy: Double) {
    let (from, to, count) = (sums[range.lowerBound], sums[range.upperBound], Double(range.count))
    let (sumX, sumY) = (to.x - from.x, to.y - from.y)
    return (
      sumX / count, sumY / count, to.xx - from.xx - sumX * sumX / count, to.xy - from.xy - sumX * sumY / count,
      to.yy - from.yy - sumY * sumY / count
    )
  }
}
