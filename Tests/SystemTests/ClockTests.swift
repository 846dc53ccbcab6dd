import Testing

@testable import Workloads
@testable import System

@Suite struct ClockTests {
  @Test func `a sleep ends no sooner than its deadline`() {
    let deadline = MonotonicClock.now + 2_000_000
    MonotonicClock.sleep(until: deadline)
    #expect(MonotonicClock.now >= deadline)
  }

  @Test func `a deadline that has passed costs no wait`() {
    #expect(MonotonicClock.sleep(until: 0))
  }

  @Test func `sleeping takes no CPU time of the thread`() {
    let before = CPUClock.thread
    MonotonicClock.sleep(until: MonotonicClock.now + 50_000_000)
    #expect(CPUClock.thread - before < 10_000_000)
  }
}
