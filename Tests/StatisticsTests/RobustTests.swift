import AdvisorTestSupport
import Testing

@testable import Statistics

@Suite("Robust estimates")
struct RobustTests {
  @Test(
    "Quantiles interpolate as R's type 7 does",
    arguments: [(0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (0.9, 3.7), (1.0, 4.0)])
  func quantile(share: Double, expected: Double) {
    #expect(agree([3.0, 1, 4, 2].quantile(share), expected, within: 1e-15))
  }

  @Test("Between equal values there is nothing else", arguments: [5.531750002774062e-06, 0.1, 1e300, .infinity])
  func equalValues(value: Double) throws {
    for share in stride(from: 0.0, through: 1, by: 0.01) { #expect([value, value].quantile(share) == value) }
    let estimate = try #require(RobustEstimate.median(of: [value]))
    #expect(estimate.low == value && estimate.high == value)
  }

  @Test("Nothing is said of nothing, nor of a share beyond one")
  func emptySample() {
    #expect([Double]().median() == nil)
    #expect([1.0].quantile(1.5) == nil)
    #expect(RobustEstimate.median(of: [Double]()) == nil)
  }

  @Test("One wild value moves neither median nor MAD")
  func outlier() {
    let values = [1.0, 2, 3, 4, 1000]
    #expect(values.median() == 3)
    // R: mad(c(1, 2, 3, 4, 1000)) is 1.4826.
    #expect(agree(values.medianAbsoluteDeviation(), 1.4826, within: 1e-4))
  }

  @Test("What befalls one value in ten shows in the spread of the middle, not in the MAD")
  func spread() {
    let values = (0..<100).map { $0 < 90 ? 1.0 : 2 }
    #expect(values.medianAbsoluteDeviation() == 0)
    // The 5th and 95th percentile are 1 and 2, 3.29 standard deviations of a normal apart.
    #expect(agree(values.spreadOfMiddle(), 1 / 3.2897, within: 1e-4))
    #expect([Double]().spreadOfMiddle() == nil)
  }

  /// R: t.test(c(1, 2, 6), conf.level = 0.9).
  @Test(
    "Groups count alike however many values they have; one alone is its values",
    arguments: [[[1.0, 1, 1, 1], [2], [5, 7]], [[1, 2, 6]]])
  func groups(groups: [[Double]]) {
    let estimate = RobustEstimate.mean(ofGroups: groups, samples: 7)
    #expect(estimate.value == 3 && estimate.samples == 7)
    #expect(agree(estimate.low, -1.460, within: 1e-3) && agree(estimate.high, 7.460, within: 1e-3))
  }

  @Test("The bootstrap interval holds the median, repeats with its seed, and narrows as the sample grows")
  func bootstrap() throws {
    var random = Xoshiro(seed: 7)
    let sample = (0..<400).map { _ in random.normal() }
    let wide = try #require(RobustEstimate.median(of: sample.prefix(25)))
    let narrow = try #require(RobustEstimate.median(of: sample))
    #expect(wide.low <= wide.value && wide.value <= wide.high)
    #expect(narrow.high - narrow.low < wide.high - wide.low)
    #expect(RobustEstimate.median(of: sample) == narrow)
    // The median of n normals has standard deviation 1.2533/√n; 90 % lie within 1.645 of them.
    #expect(agree(narrow.high - narrow.low, 2 * 1.645 * 1.2533 / 20, within: 0.35))
  }

  @Test(
    "The interval covers the true median about as often as it says, of few values and of many",
    arguments: [2, 3, 5, 7, 8, 12, 30])
  func coverage(count: Int) {
    var random = Xoshiro(seed: 11)
    let covered = (0..<300).filter { trial in
      let sample = (0..<count).map { _ in 100 + random.normal() }
      guard let estimate = RobustEstimate.median(of: sample, seed: UInt64(trial)) else { return false }
      return estimate.low <= 100 && 100 <= estimate.high
    }
    #expect((250...295).contains(covered.count), "\(covered.count) of 300")
  }

  @Test("Series that share their spread have narrower intervals, which cover as often", arguments: [2, 3, 5])
  func sharedSpread(count: Int) throws {
    var random = Xoshiro(seed: 5)
    var covered = 0
    var (alone, together) = (0.0, 0.0)
    for _ in 0..<100 {
      let series = [100.0, 200, 400].map { mean in (0..<count).map { _ in mean * (1 + 0.02 * random.normal()) } }
      let estimates = RobustEstimate.medians(of: series).compactMap(\.self)
      covered += zip(estimates, [100.0, 200, 400]).count { $0.low <= $1 && $1 <= $0.high }
      together += estimates.reduce(0) { $0 + ($1.high - $1.low) / $1.value }
      alone += series.compactMap { RobustEstimate.median(of: $0) }.reduce(0) { $0 + ($1.high - $1.low) / $1.value }
    }
    #expect((250...295).contains(covered), "\(covered) of 300")
    #expect(together < alone)
  }

  @Test("The interval of positive values is positive, however few and far apart they are")
  func positive() throws {
    let estimate = try #require(RobustEstimate.median(of: [1.0, 100.0]))
    #expect(estimate.value == 50.5 && estimate.low > 0 && estimate.high.isFinite)
    let ratio = try #require(RobustEstimate.ratio(ofQuantile: 0.5, [(2, 1), (4, 1), (3, 1)]))
    #expect(ratio.value == 3 && ratio.low > 0 && ratio.low < 2.5 && ratio.high > 3.5)
  }

  @Test("What slows less than three quarters of the pairs does not move their upper quartiles' ratio", arguments: 1...5)
  func disturbed(seed: UInt64) throws {
    var random = Xoshiro(seed: seed)
    let pairs = (0..<16).map { index in
      (
        numerator: (index % 8 < 5 ? 1.05 : 1.98) * (1 + 0.02 * random.unit()),
        denominator: (index % 4 == 1 ? 0.5 : 1) * (1 + 0.02 * random.unit())
      )
    }
    let ratio = try #require(RobustEstimate.ratio(ofQuantile: 0.75, pairs))
    #expect(abs(ratio.value - 1.98) < 0.05 && ratio.low < 1.9, "the interval tells of the disturbed ones")
    #expect(try #require(RobustEstimate.ratio(ofQuantile: 0.5, pairs)).value < 1.2)
  }
}

@Suite("The guarded median")
struct GuardedMedianTests {
  @Test("Disturbed batches do not move the floor")
  func floor() throws {
    let guarded = try #require(
      GuardedMedian(batches: [1, 1.8, 1.9, 1.1, 1.2], disturbances: [10, 25, 25, 10, 10.4], quiet: 10))
    #expect(guarded.floor.value == 1.1)
    #expect(guarded.floor.samples == 3)
    #expect(guarded.typical.value == 1.2)
    #expect(guarded.minimum == 1)
    #expect(guarded.acceptedShare == 0.6)
  }

  @Test("Where no moment was quiet, the quietest one stands in and the share says so")
  func neverQuiet() throws {
    let guarded = try #require(GuardedMedian(batches: [2, 3, 4], disturbances: [21, 20, 22], quiet: 10))
    #expect(guarded.acceptedShare == 0)
    #expect(guarded.floor.value == 3)
  }

  @Test("Where too few moments were quiet, the quietest tenth of the batches make the floor")
  func seldomQuiet() throws {
    let disturbances = (0..<30).map { $0 == 7 ? 10 : 20 + Double($0) }
    let batches = (0..<30).map { $0 == 7 ? 9 : 2 + Double($0) / 10 }
    let guarded = try #require(GuardedMedian(batches: batches, disturbances: disturbances, quiet: 10))
    #expect(guarded.acceptedShare == 1.0 / 30)
    #expect(guarded.floor.samples == 3)
    #expect(guarded.floor.value == 2.1)
  }

  @Test("A mode that is slow most of the time does not hide the clean one")
  func twoModes() throws {
    var random = Xoshiro(seed: 3)
    var disturbances: [Double] = []
    var batches: [Double] = []
    for _ in 0..<400 {
      let disturbed = random.unit() < 0.85
      batches.append((disturbed ? 1.6 : 1) * (1 + 0.01 * random.normal()))
      disturbances.append(disturbed ? 1.5 : 1)
    }
    let quiet = try #require(GuardedMedian.quietProbe(of: disturbances))
    let guarded = try #require(GuardedMedian(batches: batches, disturbances: disturbances, quiet: quiet))
    #expect(agree(guarded.floor.value, 1, within: 0.01))
    #expect(agree(guarded.typical.value, 1.6, within: 0.02))
  }

  @Test("A batch without a disturbance of its own is refused")
  func mismatch() {
    #expect(GuardedMedian(batches: [1, 2], disturbances: [1], quiet: 1) == nil)
    #expect(GuardedMedian(batches: [], disturbances: [], quiet: 1) == nil)
  }
}
