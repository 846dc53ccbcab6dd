private import func Glibc.exp
private import func Glibc.lgamma
private import func Glibc.log
private import func Glibc.log1p

/// Student's t distribution, located and scaled.
public struct StudentT: Sendable, Hashable {
  /// Above zero; may be fractional.
  public var degreesOfFreedom: Double
  public var location: Double
  public var scale: Double

  public init(degreesOfFreedom: Double, location: Double = 0, scale: Double = 1) {
    self.degreesOfFreedom = degreesOfFreedom
    self.location = location
    self.scale = scale
  }

  public func cumulative(_ x: Double) -> Double {
    let t = (x - location) / scale
    let tail = upperTail(abs(t))
    return t < 0 ? tail : 1 - tail
  }

  /// The inverse of ``cumulative(_:)``, by Newton's method inside a bracket; infinite at 0 and 1, NaN outside.
  public func quantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    let tail = min(p, 1 - p)
    let t = tail == 0.5 ? 0 : positiveQuantile(tail)
    return location + scale * (p < 0.5 ? -t : t)
  }

  /// The t that so small a share of the standard distribution exceeds.
  private func positiveQuantile(_ tail: Double) -> Double {
    var low = 0.0
    var high = 1.0
    while upperTail(high) > tail, high < 1e150 { (low, high) = (high, high * 2) }
    var t = (low + high) / 2
    for _ in 0..<200 {
      let excess = upperTail(t) - tail
      if excess > 0 { low = t } else { high = t }
      let newton = t + excess / density(t)
      let next = newton > low && newton < high ? newton : (low + high) / 2
      if abs(next - t) <= 1e-15 * t { return next }
      t = next
    }
    return t
  }

  /// P(T > t) for t ≥ 0: half the regularised incomplete beta function (Abramowitz and Stegun 26.7.1).
  private func upperTail(_ t: Double) -> Double {
    let v = degreesOfFreedom
    return 0.5 * incompleteBeta(v / 2, 0.5, at: v / (v + t * t), complement: t * t / (v + t * t))
  }

  private func density(_ t: Double) -> Double {
    let v = degreesOfFreedom
    return exp(logGamma((v + 1) / 2) - logGamma(v / 2) - (v + 1) / 2 * log1p(t * t / v)) / (v * .pi).squareRoot()
  }
}

/// The regularised incomplete beta function I_x(a, b), by its continued fraction (Abramowitz and Stegun 26.5.8)
/// evaluated with Lentz's method.
///
/// - Parameter complement: 1 − x, given apart so that no digits are lost near 1.
func incompleteBeta(_ a: Double, _ b: Double, at x: Double, complement: Double) -> Double {
  guard x > 0 else { return 0 }
  guard complement > 0 else { return 1 }
  if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(b, a, at: complement, complement: x) }
  let front = exp(a * log(x) + b * log(complement) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a
  return front / betaContinuedFraction(a, b, x)
}

private func betaContinuedFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
  let tiny = 1e-300
  var fraction = 1.0
  var c = 1.0
  var d = 0.0
  for step in 1...1000 {
    let m = Double(step / 2)
    let coefficient =
      step % 2 == 0
      ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + coefficient * d, tiny)
    c = nonZero(1 + coefficient / c, tiny)
    fraction *= c * d
    if abs(c * d - 1) < 1e-16 { break }
  }
  return fraction
}

private func nonZero(_ value: Double, _ tiny: Double) -> Double { abs(value) < tiny ? tiny : value }

private func logGamma(_ x: Double) -> Double { lgamma(x).0 }
