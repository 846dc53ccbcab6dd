private import Glibc

/// An interval from two to seven values, of which a bootstrap would make far too narrow a one: it can only repeat what it
/// has seen, so that of two values its 90 % interval holds the true median half of the time.
///
/// Student's t interval of the mean, widened by the median's lesser efficiency, √(π/2); of positive values on their
/// logarithms, so that it stays positive.
struct SmallSample {
  static let sizes = 2..<8

  private let isPositive: Bool
  private let halfWidth: Double
  private let samples: Int

  /// - Returns: nil where a bootstrap does better, and of a single value, which says nothing of its error.
  init?(_ values: [Double], level: Double) {
    guard Self.sizes.contains(values.count) else { return nil }
    isPositive = values.allSatisfy { $0 > 0 }
    samples = values.count
    let scaled = isPositive ? values.map { log($0) } : values
    let mean = scaled.reduce(0, +) / Double(samples)
    let variance = scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples - 1)
    let t = StudentT(degreesOfFreedom: Double(samples - 1)).quantile((1 + level) / 2)
    halfWidth = t * (variance / Double(samples) * .pi / 2).squareRoot()
  }

  func estimate(around value: Double) -> RobustEstimate {
    isPositive
      ? RobustEstimate(
        value: value, low: value * exp(-halfWidth), high: min(value * exp(halfWidth), .greatestFiniteMagnitude),
        samples: samples)
      : RobustEstimate(value: value, low: value - halfWidth, high: value + halfWidth, samples: samples)
  }
}
