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

  @Test("Sleeping takes no CPU time of the thread")
  func cpuTimeOfSleep() {
    let before = CPUClock.thread
    MonotonicClock.sleep(until: MonotonicClock.now + 50_000_000)
    #expect(CPUClock.thread - before < 10_000_000)
  }
}
