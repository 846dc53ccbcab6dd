import Testing

@testable import Observation

@Suite("The pace of sampling")
struct SamplingPeriodTests {
  @Test("The first two seconds have a sample each 20 ms, the rest each 50 ms")
  func cheap() {
    var period = SamplingPeriod()
    period.add(cost: 0.0001)
    #expect(period.seconds(elapsed: 0.5, jitter: 0.5) == 0.02)
    #expect(period.seconds(elapsed: 2.5, jitter: 0.5) == 0.05)
  }

  @Test(
    "However long a sample takes, all of them together take less than 1 % of a CPU", arguments: [0.0005, 0.001, 0.005])
  func share(_ cost: Double) {
    var period = SamplingPeriod()
    var (elapsed, spent) = (0.0, 0.0)
    while elapsed < 60 {
      period.add(cost: cost)
      spent += cost
      elapsed += period.seconds(elapsed: elapsed, jitter: 0.5)
    }
    #expect(spent < 0.01 * 60)
  }

  @Test("The period is never so long that nothing is seen")
  func longest() {
    var period = SamplingPeriod()
    period.add(cost: 10)
    #expect(period.seconds(elapsed: 9, jitter: 1) <= 1.25)
  }

  @Test("Periods differ, so that no beat of the task is always met at the same point")
  func jitter() {
    let period = SamplingPeriod()
    #expect(period.seconds(elapsed: 5, jitter: 0) < period.seconds(elapsed: 5, jitter: 1))
  }
}
