/// The generator xoshiro256**, seeded through SplitMix64: the same seed gives the same draws on every machine.
///
/// Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021.
public struct Xoshiro: RandomNumberGenerator, Sendable {
  private var a: UInt64
  private var b: UInt64
  private var c: UInt64
  private var d: UInt64

  public init(seed: UInt64) {
    var mixer = SplitMix(state: seed)
    a = mixer.next()
    b = mixer.next()
    c = mixer.next()
    d = mixer.next()
  }

  public mutating func next() -> UInt64 {
    let product = b &* 5
    let result = (product << 7 | product >> 57) &* 9
    let shifted = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = d << 45 | d >> 19
    return result
  }
}

/// SplitMix64: spreads a seed of few set bits over the whole state.
///
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
public struct SplitMix: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(state: UInt64) { self.state = state }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

extension RandomNumberGenerator {
  /// A number strictly between 0 and 1, on a grid of 2⁻⁵³.
  public mutating func unit() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

  /// A whole number from 0 to below `count`, which must be above zero (Lemire's multiplication, bias below 2⁻³²).
  public mutating func index(below count: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// A standard normal draw, by inversion: one draw costs one number, so that streams stay in step.
  public mutating func normal() -> Double { Normal.quantile(unit()) }

  /// A draw of the gamma distribution with unit scale.
  ///
  /// Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26(3), 2000.
  /// - Parameter shape: at least 1/3; NaN is returned below.
  public mutating func gamma(shape: Double) -> Double {
    let d = shape - 1.0 / 3
    guard d > 0 else { return .nan }
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      if v > 0, Logarithm.natural(unit()) < 0.5 * x * x + d * (1 - v + Logarithm.natural(v)) { return d * v }
    }
  }
}
