private import func Glibc.exp
private import func Glibc.log

/// The spread of few values, of which a bootstrap would make far too narrow an interval: it can only repeat what it has
/// seen, so that of two values its 90 % interval holds the true median half of the time.
///
/// The interval is Student's t interval of the mean, widened by the median's lesser efficiency, √(π/2). Positive values are
/// taken by their logarithms, so that it stays positive. Series of the same kind of measurement share their spread: with
/// three values each it is known several times as well as from one of them.
struct SmallSample {
  static let sizes = 2..<8

  private let isPositive: Bool
  private let variance: Double
  private let degreesOfFreedom: Double

  /// - Parameter series: of one kind of measurement; those with a single value say nothing of the spread.
  /// - Returns: nil where no series has two values.
  init?(_ series: [[Double]]) {
    let isPositive = series.allSatisfy { $0.allSatisfy { $0 > 0 } }
    let degrees = series.reduce(0) { $0 + max(0, $1.count - 1) }
    guard degrees > 0 else { return nil }
    self.isPositive = isPositive
    degreesOfFreedom = Double(degrees)
    variance =
      series.reduce(0) { sum, values in
        let scaled = isPositive ? values.map { log($0) } : values
        let mean = scaled.reduce(0, +) / Double(max(1, scaled.count))
        return sum + scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      } / Double(degrees)
  }

  /// The interval of a median of `samples` values.
  func estimate(around value: Double, samples: Int, level: Double) -> RobustEstimate {
    let t = StudentT(degreesOfFreedom: degreesOfFreedom).quantile((1 + level) / 2)
    let half = t * (variance / Double(max(1, samples)) * .pi / 2).squareRoot()
    let (low, high) = isPositive ? (value * exp(-half), value * exp(half)) : (value - half, value + half)
    return RobustEstimate(value: value, low: low, high: min(high, .greatestFiniteMagnitude), samples: samples)
  }
}

extension RobustEstimate {
  /// The medians of several series of one kind of measurement, such as rates at several depths.
  ///
  /// Series of few values share what is known of their spread; see ``median(of:level:resamples:seed:)`` for the others.
  public static func medians(of series: [[Double]], level: Double = 0.9) -> [RobustEstimate?] {
    let shared = SmallSample(series)
    return series.map { values in
      guard let shared, let value = values.median(), values.count < SmallSample.sizes.upperBound else {
        return median(of: values, level: level)
      }
      return shared.estimate(around: value, samples: values.count, level: level)
    }
  }

  /// ``ratio(ofQuantile:_:level:resamples:seed:)`` of several series of one kind of measurement.
  public static func ratios(
    ofQuantile share: Double, of series: [[(numerator: Double, denominator: Double)]], level: Double = 0.9
  ) -> [RobustEstimate?] {
    let ratios = series.map { pairs in pairs.filter { $0.denominator != 0 }.map { $0.numerator / $0.denominator } }
    // A series over itself, as of one worker, has no spread to share.
    let shared = SmallSample(ratios.filter { Set($0).count > 1 })
    return series.map { pairs in
      guard let single = ratio(ofQuantile: share, pairs, level: level) else { return nil }
      guard let shared, single.low < single.high, pairs.count < SmallSample.sizes.upperBound else { return single }
      return shared.estimate(around: single.value, samples: pairs.count, level: level)
    }
  }
}
