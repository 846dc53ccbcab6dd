import AdvisorTestSupport
import Testing
private import func Glibc.exp

@testable import Statistics

@Suite("The mean time of tasks of which some still run")
struct CensoredTimesTests {
  /// Of a shape, for times that have ended and times that others have been running.
  struct Case: Sendable {
    var ended: [Double]
    var running: [Double]
    /// Log mean, its deviation, shape.
    var weibull: (Double, Double, Double)
    var lognormal: (Double, Double, Double)
  }

  /// Posterior moments by SciPy 1.17: the distributions' own log-likelihoods on grids of 800 by 3,000 and 400 by 2,000.
  static let cases = [
    // Weeks of remission under 6-MP (Freireich and others, Blood 21, 1963).
    Case(
      ended: [6, 6, 6, 7, 10, 13, 16, 22, 23], running: [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
      weibull: (3.5748, 0.3957, 1.2852), lognormal: (3.8346, 0.4492, 1.0329)),
    Case(
      ended: [6, 6, 6, 7, 10, 13, 16, 22, 23], running: [], weibull: (2.5379, 0.1959, 1.9373),
      lognormal: (2.5586, 0.2482, 0.5940)),
    Case(
      ended: [0.12, 0.22, 0.32, 0.42], running: (4..<60).map { 0.42 - 0.0007 * Double($0) },
      weibull: (0.7148, 1.0724, 1.8634), lognormal: (1.3881, 0.7193, 1.0684)),
    Case(
      ended: [0.2, 0.201, 0.202, 0.203], running: Array(repeating: 0.19, count: 56),
      weibull: (-1.6015, 0.00998, 57.0024), lognormal: (-1.5954, 0.01155, 0.02375)),
  ]

  @Test("The posteriors are those of fine grids", arguments: cases)
  func posterior(reference: Case) throws {
    let times = try #require(CensoredTimes(ended: reference.ended, running: reference.running))
    for (belief, expected) in [(times.weibull, reference.weibull), (times.lognormal, reference.lognormal)] {
      #expect(abs(belief.logMean - expected.0) < 0.03)
      #expect(
        agree(belief.variance.squareRoot(), expected.1, within: 0.1) && agree(belief.shape, expected.2, within: 0.1))
    }
  }

  @Test("The longer others run, the longer a task takes; the unit does not matter")
  func longer() throws {
    let ended = [1.0, 1.5, 2]
    let means = try [[], [0.5, 0.5], [2, 2], [2, 2, 2, 2], [9]].map {
      try #require(CensoredTimes(ended: ended, running: $0)).lognormal.logMean
    }
    #expect(means[1] - means[0] < 0.1 && means[1] < means[2] && means[2] < means[3] && means[2] < means[4])
    let (seconds, hours) = try (
      #require(CensoredTimes(ended: ended, running: [2, 2])),
      #require(CensoredTimes(ended: ended.map { $0 * 3600 }, running: [7200, 7200]))
    )
    #expect(agree(hours.weibull.logMean - seconds.weibull.logMean, 8.188689, within: 1e-6))
    #expect(agree(hours.lognormal.logMean - seconds.lognormal.logMean, 8.188689, within: 1e-6))
    #expect(agree(hours.lognormal.variance, seconds.lognormal.variance, within: 1e-6))
  }

  /// Of n that have ended the rate's posterior has the mean (n − 1)/Σ, and E[ln Gamma(a, 1)] is ψ(a): ψ(3) = 0.92278, and
  /// ψ′(3) = 0.39493.
  @Test("Beyond a least time that all have in common, the time on test counts")
  func leastTime() throws {
    let times = try #require(CensoredTimes(ended: [1, 1.1, 1.2, 1.3], running: [0.5, 1.3, 1.3])).exponential
    let excess = 1.2 / exp(0.92278)
    #expect(agree(exp(times.logMean), 1 + excess, within: 1e-4))
    #expect(agree(times.shape, 1 / (1 + excess), within: 1e-4))
    #expect(agree(times.variance.squareRoot(), 0.39493.squareRoot() * excess / (1 + excess), within: 1e-4))
  }

  @Test("One that has ended says nothing of the spread")
  func few() {
    #expect(CensoredTimes(ended: [1], running: [1, 1]) == nil)
    #expect(CensoredTimes(ended: [], running: [1, 1]) == nil)
    #expect(CensoredTimes(ended: [0, 1], running: []) == nil)
  }
}
