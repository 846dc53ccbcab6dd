import Testing
@testable import AdvisorCore

@Suite struct DurationHistogramTests {
  @Test("A duration is known to 3 %", arguments: [0, 1, 63, 64, 65, 1000, 123_456_789, UInt64.max / 2, .max])
  func precision(nanoseconds: UInt64) throws {
    var histogram = DurationHistogram()
    histogram.record(nanoseconds)
    let seconds = try #require(histogram.quantile(0.5))
    #expect(abs(seconds * 1e9 - Double(nanoseconds)) <= 0.03 * Double(nanoseconds))
  }

  @Test("Quantiles are ranks", arguments: [(0.0, 1e-6), (0.01, 1e-6), (0.5, 50e-6), (0.9, 90e-6), (1, 100e-6)])
  func quantiles(share: Double, expected: Double) throws {
    var histogram = DurationHistogram()
    for microseconds in UInt64(1)...100 { histogram.record(microseconds * 1000) }
    #expect(abs(try #require(histogram.quantile(share)) / expected - 1) < 0.03)
    #expect(abs(try #require(histogram.meanSeconds) - 50.5e-6) < 1e-9)
  }

  @Test("Merging is the same as recording all in one")
  func merging() {
    var (one, two, all) = (DurationHistogram(), DurationHistogram(), DurationHistogram())
    for value in UInt64(0)..<500 {
      if value % 3 == 0 { one.record(value * value) } else { two.record(value * value, times: 2) }
      all.record(value * value, times: value % 3 == 0 ? 1 : 2)
    }
    one.merge(two)
    #expect(one == all)
  }

  @Test("An empty one has no quantiles")
  func empty() {
    #expect(DurationHistogram().quantile(0.5) == nil)
    #expect(DurationHistogram().meanSeconds == nil)
  }
}
