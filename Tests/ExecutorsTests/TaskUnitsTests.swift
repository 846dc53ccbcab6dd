import Testing
@testable import Executors

@Suite struct TaskUnitsTests {
  @Test("Sizes have the mean and the spread that were asked for", arguments: [0.1, 0.5, 1, 2])
  func meanAndSpread(spread: Double) {
    let sizes = TaskUnits(meanUnits: 1e6, spread: spread)
    let sample = (0..<100_000).map { Double(sizes[$0]) }
    let mean = sample.reduce(0, +) / 1e5
    let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1e5
    // Five standard errors of the mean; the spread of a log-normal is itself uncertain, the more the heavier its tail.
    #expect(abs(mean / 1e6 - 1) < 5 * spread / 316)
    #expect(abs(variance.squareRoot() / mean / spread - 1) < 0.05 + 0.1 * spread)
  }

  @Test("Without spread all are alike")
  func withoutSpread() {
    let sizes = TaskUnits(meanUnits: 1234.4)
    #expect((0..<100).allSatisfy { sizes[$0] == 1234 })
  }

  @Test(
    "Absurd sizes stay within what can be counted",
    arguments: [(0.0, 1), (-5, 1), (.nan, 1), (1e300, 1 << 60), (.infinity, 1 << 60), (0.4, 1)])
  func absurdSizes(mean: Double, expected: Int) {
    #expect(TaskUnits(meanUnits: mean)[0] == expected)
  }
}
