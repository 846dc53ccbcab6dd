private import func Glibc.cos
private import func Glibc.exp
private import func Glibc.log

extension Stage {
  /// How large a task of built-in work is, over the mean: log-normal, and the same in every run and for every worker.
  ///
  /// ln X ~ N(−σ²/2, σ²) has mean 1 and coefficient of variation √(exp σ² − 1).
  /// - Parameters:
  ///   - task: its number, from 0; the size depends on it alone.
  ///   - logVariance: σ², see ``logVariance(spread:)``; 0 when all are alike.
  public static func relativeSize(ofTask task: Int, logVariance: Double) -> Double {
    guard logVariance > 0 else { return 1 }
    return exp(logVariance.squareRoot() * normal(of: task) - logVariance / 2)
  }

  /// The variance of the logarithm of sizes with that coefficient of variation.
  public static func logVariance(spread: Double) -> Double { log(1 + spread * spread) }

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
