import AdvisorTestSupport
import Testing

@testable import Statistics

@Suite("Distributions")
struct DistributionTests {
  @Test(
    "Normal quantiles match R's qnorm",
    arguments: [
      (0.5, 0), (0.9, 1.2815515655446004), (0.975, 1.959963984540054), (0.001, -3.090232306167814),
      (1e-10, -6.361340902404056), (1e-20, -9.262340089798408),
    ])
  func normalQuantile(p: Double, expected: Double) {
    #expect(agree(Normal.quantile(p), expected, within: 1e-13))
    #expect(agree(Normal.cumulative(Normal.quantile(p)), p, within: 1e-12))
  }

  @Test("Beyond certainty there is no quantile")
  func normalEdges() {
    #expect(Normal.quantile(0) == -.infinity)
    #expect(Normal.quantile(1) == .infinity)
    #expect(Normal.quantile(1.1).isNaN)
  }

  @Test(
    "Expected maxima of normals match the published order statistics",
    // Harter, "Expected values of normal order statistics", Biometrika 48, 1961; for two 1/√π, for three 3/(2√π).
    arguments: [
      (1, 0), (2, 0.5641895835), (3, 0.8462843753), (5, 1.1629644736), (10, 1.5387527308), (100, 2.5075936),
    ])
  func expectedMaximum(count: Double, expected: Double) {
    #expect(agree(Normal.expectedMaximum(of: count), expected, within: 1e-7))
  }

  @Test(
    "Student's quantiles match R's qt and, for 7.8 degrees, the first case of the reference table bayes_update",
    arguments: [
      (1.0, 0.975, 12.706204736174698), (4, 0.95, 2.131846786326649), (7.8, 0.05, -1.8657482110),
      (30, 0.995, 2.749995653567231), (2, 0.5, 0),
    ])
  func studentQuantile(degrees: Double, p: Double, expected: Double) {
    let t = StudentT(degreesOfFreedom: degrees)
    #expect(agree(t.quantile(p), expected, within: 1e-6))
    #expect(agree(t.cumulative(t.quantile(p)), p, within: 1e-12))
  }

  @Test("With many degrees of freedom Student's t is normal")
  func studentLimit() {
    #expect(agree(StudentT(degreesOfFreedom: 1e7).quantile(0.9), Normal.quantile(0.9), within: 1e-6))
  }

  @Test("A lognormal keeps the mean and the spread that it was made from")
  func lognormal() throws {
    let distribution = Lognormal(mean: 2, coefficientOfVariation: 0.5)
    #expect(agree(distribution.mean, 2, within: 1e-12))
    var random = Xoshiro(seed: 2)
    let draws = (0..<40_000).map { _ in distribution.value(atNormal: random.normal()) }
    let mean = try #require(draws.mean())
    let variance = try #require(draws.map { ($0 - mean) * ($0 - mean) }.mean())
    #expect(agree(variance.squareRoot() / mean, 0.5, within: 0.03))
    #expect(agree(distribution.cumulative(distribution.quantile(0.3)), 0.3, within: 1e-12))
    #expect(distribution.cumulative(-1) == 0)
  }
}
