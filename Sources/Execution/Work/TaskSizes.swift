import Glibc

/// How much work each task of a stage is: log-normal about the mean, and the same in every run and for every worker.
struct TaskSizes: Sendable {
  private let meanUnits: Double
  /// ln X ~ N(-σ²/2, σ²) has mean 1 and coefficient of variation √(exp σ² - 1): σ² of the stage's spread.
  private let variance: Double
  private let wholeMean: Int

  /// - Parameter spread: the coefficient of variation of the task sizes; 0 when all are alike.
  init(meanUnits: Double, spread: Double = 0) {
    self.meanUnits = meanUnits
    variance = log(1 + spread * spread)
    wholeMean = Int(clamped: meanUnits)
  }

  subscript(task: Int) -> Int {
    guard variance > 0 else { return wholeMean }
    return Int(clamped: meanUnits * exp(variance.squareRoot() * Self.normal(of: task) - variance / 2))
  }

  /// A standard normal number that depends on the task alone (Box and Muller, 1958).
  private static func normal(of task: Int) -> Double {
    let position = UInt64(truncatingIfNeeded: task) &* 2
    let radius = (-2 * log(uniform(position &+ 1))).squareRoot()
    return radius * cos(2 * .pi * uniform(position &+ 2))
  }

  /// The output of SplitMix64 at a state, in (0, 1]. Steele, Lea and Flood, OOPSLA 2014.
  private static func uniform(_ position: UInt64) -> Double {
    var bits = position &* 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return (Double((bits ^ bits >> 31) >> 11) + 1) * 0x1p-53
  }
}

extension Int {
  /// The nearest integer, at least 1 and at most 2^60: job sizes may be written far beyond what an integer holds.
  init(clamped value: Double) {
    self = value.isNaN ? 1 : Int(Swift.max(1, Swift.min(value.rounded(), 0x1p60)))
  }
}
