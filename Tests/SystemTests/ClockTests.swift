import Testing

@testable import Workloads
@testable import System

@Suite struct ClockTests {
  @Test("A sleep ends no sooner than its deadline")
  func sleep() {
    let deadline = MonotonicClock.now + 2_000_000
    MonotonicClock.sleep(until: deadline)
    #expect(MonotonicClock.now >= deadline)
  }

  @Test("A deadline that has passed costs no wait")
  func pastDeadline() {
    #expect(MonotonicClock.sleep(until: 0))
  }

  @Test(
    "A date and time of ISO 8601 is the moment that date(1) says",
    arguments: [
      ("1970-01-01T00:00:00Z", 0.0), ("2026-03-05T14:30:00Z", 1_772_721_000), ("2024-02-29T23:59:59Z", 1_709_251_199),
      ("2026-03-05T14:30:00", nil), ("2026-03-05", nil), ("2026-02-30T14:30:00Z", nil), ("2026-03-05T25:30:00Z", nil),
      ("2026-03-05T14:30:0xZ", nil), ("", nil),
    ])
  func moment(text: String, seconds: Double?) {
    #expect(WallClock.seconds(of: text) == seconds)
  }

  @Test("Sleeping takes no CPU time of the thread")
  func cpuTimeOfSleep() {
    let before = CPUClock.thread
    MonotonicClock.sleep(until: MonotonicClock.now + 50_000_000)
    #expect(CPUClock.thread - before < 10_000_000)
  }
}
