/// Order statistics: what a sample says when some of its values are disturbed.
extension Collection where Element == Double {
  /// The quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996).
  ///
  /// - Parameter share: 0 is the least value, 1 the greatest.
  /// - Returns: nil for an empty collection or a share outside 0...1.
  public func quantile(_ share: Double) -> Double? { sorted().quantileOfSorted(share) }

  /// The middle value, or the mean of the middle two; nil for an empty collection.
  public func median() -> Double? { quantile(0.5) }

  /// The median absolute deviation from the median, times 1.4826 so that it estimates a normal's standard deviation.
  public func medianAbsoluteDeviation() -> Double? {
    guard let centre = median() else { return nil }
    return map { abs($0 - centre) }.median().map { $0 * 1.482_602_218_505_602 }
  }

  /// The standard deviation of a normal whose middle 90 % are as wide as the sample's: unlike the median absolute deviation it
  /// sees what befalls one value in ten.
  public func spreadOfMiddle() -> Double? {
    let sorted = sorted()
    guard let low = sorted.quantileOfSorted(0.05), let high = sorted.quantileOfSorted(0.95) else { return nil }
    return (high - low) / (2 * 1.644_853_626_951_472)
  }
}

extension Array<Double> {
  /// Nil for an empty array.
  public func mean() -> Double? {
    guard !isEmpty else { return nil }
    // Of arrays alone, and written as a loop: it is called thousands of times for one recommendation.
    var sum = 0.0
    for value in self { sum += value }
    return sum / Double(count)
  }

  /// ``Swift/Collection/quantile(_:)`` of an array that already ascends.
  public func quantileOfSorted(_ share: Double) -> Double? {
    guard !isEmpty, (0...1).contains(share) else { return nil }
    let position = share * Double(count - 1)
    let below = Int(position)
    guard below + 1 < count else { return self[count - 1] }
    let fraction = position - Double(below)
    let (low, high) = (self[below], self[below + 1])
    // Rising with the share to the last bit, and exact between equal values: the ends of an interval must not cross.
    return fraction == 0 || low == high ? low : low + fraction * (high - low)
  }
}
