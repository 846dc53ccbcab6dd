private import func Glibc.exp
private import func Glibc.log
private import func Glibc.log1p

/// The lognormal distribution: what task times look like when many factors multiply.
public struct Lognormal: Sendable, Hashable {
  /// Mean of the logarithm.
  public var location: Double
  /// Standard deviation of the logarithm.
  public var scale: Double

  public init(location: Double, scale: Double) {
    self.location = location
    self.scale = scale
  }

  /// The one with that mean, above zero, and coefficient of variation.
  public init(mean: Double, coefficientOfVariation: Double) {
    let variance = log1p(coefficientOfVariation * coefficientOfVariation)
    self.init(location: log(mean) - variance / 2, scale: variance.squareRoot())
  }

  public var mean: Double { exp(location + scale * scale / 2) }

  public func cumulative(_ x: Double) -> Double { x > 0 ? Normal.cumulative((log(x) - location) / scale) : 0 }

  public func quantile(_ p: Double) -> Double { exp(location + scale * Normal.quantile(p)) }

  /// The value that stands as far out as `z` does in a standard normal distribution.
  public func value(atNormal z: Double) -> Double { exp(location + scale * z) }
}
