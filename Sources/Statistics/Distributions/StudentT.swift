/// Student's t distribution.
public struct StudentT: Sendable {
  /// Positive; infinity gives the normal distribution in the limit.
  public let degreesOfFreedom: Double

  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "Student's t needs at least one degree of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// `P(T ≤ t)` (Abramowitz & Stegun 26.7.1 and 26.5.27).
  public func probability(below t: Double) -> Double {
    let tail = incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2
    return t > 0 ? 1 - tail : tail
  }

  /// The value that a draw stays below with this probability.
  ///
  /// - Parameter probability: strictly between 0 and 1.
  public func quantile(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "a quantile needs a probability between 0 and 1")
    guard probability != 0.5 else { return 0 }
    guard probability > 0.5 else { return -quantile(1 - probability) }
    var high = 1.0
    while self.probability(below: high) < probability, high < 1e300 { high *= 2 }
    var low = 0.0
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if self.probability(below: middle) < probability { low = middle } else { high = middle }
    }
  }
}
