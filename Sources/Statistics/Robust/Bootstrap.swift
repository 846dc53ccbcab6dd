/// A point estimate with its interval and the number of values behind it.
public struct RobustEstimate: Sendable, Hashable {
  public var value: Double
  public var low: Double
  public var high: Double
  public var samples: Int

  public init(value: Double, low: Double, high: Double, samples: Int) {
    self.value = value
    self.low = low
    self.high = high
    self.samples = samples
  }
}

extension RobustEstimate {
  /// The median with its percentile bootstrap interval (Efron 1979), or of few values with the one of ``SmallSample``.
  ///
  /// A resample is a histogram of ranks, so that it takes time in proportion to the sample and none to sort.
  /// - Parameters:
  ///   - level: the share of resampled medians that the interval holds.
  ///   - seed: the same seed gives the same interval.
  /// - Returns: nil for an empty sample.
  public static func median(
    of values: some Collection<Double>, level: Double = 0.9, resamples: Int = 400, seed: UInt64 = 1
  ) -> RobustEstimate? {
    let sorted = values.sorted()
    guard let value = sorted.quantileOfSorted(0.5) else { return nil }
    if SmallSample.sizes.contains(sorted.count), let small = SmallSample([sorted]) {
      return small.estimate(around: value, samples: sorted.count, level: level)
    }
    var random = Xoshiro(seed: seed)
    var hits = [Int](repeating: 0, count: sorted.count)
    var medians = (0..<max(1, resamples)).map { _ in resampledMedian(of: sorted, hits: &hits, using: &random) }
    medians.sort()
    return RobustEstimate(
      value: value, low: medians.quantileOfSorted((1 - level) / 2) ?? value,
      high: medians.quantileOfSorted((1 + level) / 2) ?? value, samples: sorted.count)
  }

  /// The ratio of the same quantile of two series with its percentile bootstrap interval, the pairs being resampled as pairs.
  ///
  /// - Parameters:
  ///   - share: of the quantile, 0 to 1.
  ///   - pairs: measured next to each other, so that a drift of the machine falls on both.
  /// - Returns: nil without pairs, or where the quantile of the denominators is zero.
  public static func ratio(
    ofQuantile share: Double, _ pairs: [(numerator: Double, denominator: Double)], level: Double = 0.9,
    resamples: Int = 400, seed: UInt64 = 1
  ) -> RobustEstimate? {
    func ratio(_ pairs: [(numerator: Double, denominator: Double)]) -> Double? {
      guard let above = pairs.map(\.numerator).quantile(share), let below = pairs.map(\.denominator).quantile(share),
        below != 0
      else { return nil }
      return above / below
    }
    guard let value = ratio(pairs) else { return nil }
    let single = pairs.filter { $0.denominator != 0 }.map { $0.numerator / $0.denominator }
    if SmallSample.sizes.contains(single.count), let small = SmallSample([single]) {
      return small.estimate(around: value, samples: single.count, level: level)
    }
    var random = Xoshiro(seed: seed)
    let ratios = (0..<max(1, resamples)).compactMap { _ in
      ratio(pairs.indices.map { _ in pairs[random.index(below: pairs.count)] })
    }
    return RobustEstimate(
      value: value, low: min(value, ratios.quantile((1 - level) / 2) ?? value),
      high: max(value, ratios.quantile((1 + level) / 2) ?? value), samples: pairs.count)
  }

  /// The mean of groups that count alike, with Student's t interval over their means; of one group, over its values.
  ///
  /// - Parameters:
  ///   - groups: not empty, none of them empty.
  ///   - samples: the number of values in all.
  public static func mean(ofGroups groups: [[Double]], samples: Int, level: Double = 0.9) -> RobustEstimate {
    let means = groups.count == 1 ? groups[0] : groups.compactMap { $0.mean() }
    let mean = means.mean() ?? 0
    guard means.count > 1 else { return RobustEstimate(value: mean, low: mean, high: mean, samples: samples) }
    let degrees = Double(means.count - 1)
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / degrees
    let error = (variance / Double(means.count)).squareRoot()
    let half = StudentT(degreesOfFreedom: degrees).quantile((1 + level) / 2) * error
    return RobustEstimate(value: mean, low: mean - half, high: mean + half, samples: samples)
  }

  private static func resampledMedian(of sorted: [Double], hits: inout [Int], using random: inout Xoshiro) -> Double {
    let count = sorted.count
    for i in 0..<count { hits[i] = 0 }
    for _ in 0..<count { hits[random.index(below: count)] += 1 }
    let lower = sorted[rank((count - 1) / 2, in: hits)]
    return count % 2 == 1 ? lower : (lower + sorted[rank(count / 2, in: hits)]) / 2
  }

  /// The index of the value that stands at that place of the resample.
  private static func rank(_ place: Int, in hits: [Int]) -> Int {
    var seen = 0
    for (index, count) in hits.enumerated() {
      seen += count
      if seen > place { return index }
    }
    return hits.count - 1
  }
}
