private import func Glibc.pow

/// What is believed of the mean and the spread of a normal quantity, updated one observation at a time.
///
/// Murphy, "Conjugate Bayesian analysis of the Gaussian distribution", 2007; docs/model.md, 6.2.
public struct NormalInverseGamma: Codable, Sendable, Hashable {
  /// The expected mean.
  public var mean: Double
  /// How many observations the belief in the mean is worth.
  public var kappa: Double
  /// Half as many observations as the belief in the spread is worth.
  public var alpha: Double
  /// Half the sum of squares behind the spread.
  public var beta: Double

  public init(mean: Double, kappa: Double, alpha: Double, beta: Double) {
    self.mean = mean
    self.kappa = kappa
    self.alpha = alpha
    self.beta = beta
  }

  /// The belief after one more observation (Murphy, equations 85–89 for n = 1, or for a part of one).
  ///
  /// - Parameters:
  ///   - weight: as how much of an observation it counts.
  ///   - prior: where old knowledge fades to.
  ///   - forgetting: the share of what exceeds the prior that survives each observation; 1 forgets nothing. The mean stays.
  public func observing(
    _ value: Double, weight: Double = 1, prior: NormalInverseGamma, forgetting: Double = 1
  ) -> NormalInverseGamma {
    let forgetting = pow(forgetting, weight)
    let kappa = prior.kappa + forgetting * (kappa - prior.kappa)
    let alpha = prior.alpha + forgetting * (alpha - prior.alpha)
    let beta = prior.beta + forgetting * (beta - prior.beta)
    let surprise = value - mean
    return NormalInverseGamma(
      mean: (kappa * mean + weight * value) / (kappa + weight), kappa: kappa + weight, alpha: alpha + weight / 2,
      beta: beta + weight * kappa * surprise * surprise / (2 * (kappa + weight)))
  }

  /// How the next observation is distributed (Murphy, equation 99).
  public var predictive: StudentT {
    StudentT(
      degreesOfFreedom: 2 * alpha, location: mean, scale: (beta * (kappa + 1) / (alpha * kappa)).squareRoot())
  }
}
