/// Fisher's F distribution: the ratio of two independent variance estimates.
public struct FisherF: Sendable {
  public let numerator: Double
  public let denominator: Double

  /// - Parameter numerator: degrees of freedom of the upper variance; positive, as the other.
  public init(numerator: Double, denominator: Double) {
    precondition(numerator > 0 && denominator > 0, "Fisher's F needs degrees of freedom on both sides")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// `P(F > f)`: how often so large a ratio comes about by chance (Abramowitz & Stegun 26.6.2).
  public func probability(above f: Double) -> Double {
    guard f > 0 else { return 1 }
    let total = denominator + numerator * f
    return incompleteBeta(denominator / 2, numerator / 2, at: denominator / total, complement: numerator * f / total)
  }
}
