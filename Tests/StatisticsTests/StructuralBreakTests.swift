import AdvisorTestSupport
import Testing

@testable import Statistics

@Suite("Structural breaks")
struct StructuralBreakTests {
  /// Annual flow of the Nile at Aswan, 10⁸ m³, 1871 to 1970 (Cobb, *Biometrika* 65, 1978).
  private static let nile: [Double] = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,
    1100,
    1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726,
    456,
    824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984,
    897,
    822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923,
    975,
    815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
  ]

  /// The break that the literature dates to 1898, the 28th year; as ruptures 1.1.10 finds with `Dynp(model="linear")`.
  @Test("The Nile broke after 1898")
  func theNileBrokeAfter1898() throws {
    let regression = try #require(SegmentedRegression(x: Self.nile.indices.map(Double.init), y: Self.nile))
    #expect(regression.segments.map(\.range) == [0..<28, 28..<100])
  }

  @Test("Lines are found where they meet and jump", arguments: [20, 60, 80])
  func exactLines(start: Int) throws {
    let y = (0..<100).map { (index: Int) -> Double in
      let x = Double(index)
      return index < start ? 5 + 0.2 * x : 300 - 3 * x
    }
    let regression = try #require(SegmentedRegression(x: y.indices.map(Double.init), y: y))
    #expect(regression.segments.map(\.range) == [0..<start, start..<100])
    #expect(abs(regression.segments[1].start - (300 - 3 * Double(start))) < 1e-6)
    #expect(abs(regression.segments[1].rise + 3 * Double(99 - start)) < 1e-6)
    #expect(regression.isExact)
  }

  /// A hundred lines with noise; the criterion errs in fewer than one of a hundred.
  @Test("Noise is no break")
  func noiseIsNoBreak() {
    let broken = (1...100).count { seed in
      var random = Xoshiro(seed: UInt64(seed))
      let y = (0..<90).map { (index: Int) -> Double in 100 + 0.5 * Double(index) + 5 * random.normal() }
      return SegmentedRegression(x: y.indices.map(Double.init), y: y)?.segments.count != 1
    }
    #expect(broken <= 2)
  }

  @Test("Too few observations say nothing")
  func tooFewSayNothing() {
    #expect(SegmentedRegression(x: (0..<20).map(Double.init), y: (0..<20).map(Double.init)) == nil)
    #expect(SegmentedRegression(x: Array(repeating: 1, count: 30), y: (0..<30).map(Double.init)) == nil)
  }

  /// What a straight line leaves of the Nile: `adfuller(e, maxlag=0, regression="n")` of statsmodels 0.14.
  @Test("The Dickey-Fuller test agrees with statsmodels")
  func dickeyFullerAgreesWithStatsmodels() throws {
    var line = LeastSquares(columns: 2)
    for (year, flow) in Self.nile.enumerated() { line.add([1, Double(year)], observed: flow) }
    let coefficients = try #require(line.coefficients)
    let residuals = Self.nile.enumerated().map { $1 - coefficients[0] - coefficients[1] * Double($0) }
    let test = try #require(DickeyFuller(residuals: residuals))
    #expect(agree(test.statistic, -6.676190955051016, within: 1e-9))
    #expect(agree(test.autocorrelation, 0.37494106309894737, within: 1e-9))
    #expect(test.returns)
  }

  /// `mackinnoncrit(N=1, regression="ct")` of statsmodels at 5 %.
  @Test("Critical values agree with MacKinnon's", arguments: [(25.0, -3.60346754), (100, -3.45534297)])
  func criticalValues(count: Double, value: Double) {
    #expect(agree(DickeyFuller.criticalValue(count: count), value, within: 1e-6))
  }
}
