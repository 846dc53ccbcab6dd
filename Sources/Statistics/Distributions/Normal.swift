private import func Glibc.erfc
private import func Glibc.exp
private import func Glibc.log

/// The standard normal distribution.
public enum Normal {
  public static func density(_ z: Double) -> Double { exp(-0.5 * z * z) * 0.398_942_280_401_432_7 }

  public static func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z * 0.5.squareRoot()) }

  /// The inverse of ``cumulative(_:)``, to about 16 digits; infinite at 0 and 1, NaN outside.
  ///
  /// Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37(3), 1988.
  public static func quantile(_ p: Double) -> Double {
    let q = p - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      return q * polynomial(r, centreNumerator) / polynomial(r, centreDenominator)
    }
    let tail = q < 0 ? p : 1 - p
    guard tail > 0 else { return tail == 0 ? (q < 0 ? -.infinity : .infinity) : .nan }
    let r = (-log(tail)).squareRoot()
    let z =
      r <= 5
      ? polynomial(r - 1.6, middleNumerator) / polynomial(r - 1.6, middleDenominator)
      : polynomial(r - 5, tailNumerator) / polynomial(r - 5, tailDenominator)
    return q < 0 ? -z : z
  }

  /// The expected maximum of `count` independent standard normals; 0 for one or fewer.
  ///
  /// The integral of 1 − Φ(x)ⁿ above zero less that of Φ(x)ⁿ below, by the trapezoidal rule, which converges
  /// exponentially for a smooth function that vanishes at both ends.
  public static func expectedMaximum(of count: Double) -> Double {
    guard count > 1 else { return 0 }
    let step = 0.125
    var sum = 0.0
    for i in -72...72 {
      let x = Double(i) * step
      let power = exp(count * log(cumulative(x)))
      sum += i < 0 ? -power : i == 0 ? 0.5 - power : 1 - power
    }
    return sum * step
  }

  /// Horner's rule; the eight coefficients ascend.
  private static func polynomial(_ x: Double, _ c: Coefficients) -> Double {
    ((((((c.7 * x + c.6) * x + c.5) * x + c.4) * x + c.3) * x + c.2) * x + c.1) * x + c.0
  }

  private typealias Coefficients = (Double, Double, Double, Double, Double, Double, Double, Double)

  private static let centreNumerator: Coefficients = (
    3.387_132_872_796_366_608, 133.141_667_891_784_377_45, 1971.590_950_306_551_442_7, 13731.693_765_509_461_125,
    45921.953_931_549_871_457, 67265.770_927_008_700_853, 33430.575_583_588_128_105, 2509.080_928_730_122_672_7
  )
  private static let centreDenominator: Coefficients = (
    1, 42.313_330_701_600_911_252, 687.187_007_492_057_908_3, 5394.196_021_424_751_107_7,
    21213.794_301_586_595_867, 39307.895_800_092_710_610, 28729.085_735_721_942_674, 5226.495_278_852_854_561
  )
  private static let middleNumerator: Coefficients = (
    1.423_437_110_749_683_577_34, 4.630_337_846_156_545_295_9, 5.769_497_221_460_691_405_5,
    3.647_848_324_763_204_605_04, 1.270_458_252_452_368_382_58, 0.241_780_725_177_450_611_77,
    0.022_723_844_989_269_184_0, 7.745_450_142_783_414_076_4e-4
  )
  private static let middleDenominator: Coefficients = (
    1, 2.053_191_626_637_758_821_87, 1.676_384_830_183_803_849_4, 0.689_767_334_985_100_004_55,
    0.148_103_976_427_480_074_59, 0.015_198_666_563_616_457_14, 5.475_938_084_995_344_946e-4,
    1.050_750_071_644_416_843_24e-9
  )
  private static let tailNumerator: Coefficients = (
    6.657_904_643_501_103_777_2, 5.463_784_911_164_114_369_9, 1.784_826_539_917_291_335_8,
    0.296_560_571_828_504_891_23, 0.026_532_189_526_576_123_093, 1.242_660_947_388_078_438_6e-3,
    2.711_555_568_743_487_578_15e-5, 2.010_334_399_292_288_132_65e-7
  )
  private static let tailDenominator: Coefficients = (
    1, 0.599_832_206_555_887_937_69, 0.136_929_880_922_735_805_31, 0.014_875_361_290_850_615_02,
    7.868_691_311_456_132_591e-4, 1.846_318_317_510_054_681_8e-5, 1.421_511_758_316_445_888_7e-7,
    2.044_263_103_389_939_785_64e-15
  )
}

/// The C library's logarithm, for files of this module that need nothing else of it.
enum Logarithm {
  static func natural(_ x: Double) -> Double { log(x) }
}
