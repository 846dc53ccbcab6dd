import AdvisorCore
import Testing

@Suite("What a run has come to")
struct RunOutcomeTests {
  @Test("Each task that ends is one less to do")
  func endings() {
    var outcome = RunOutcome(left: 10)
    outcome.end()
    outcome.end(4, failed: true)
    #expect(outcome == RunOutcome(tasks: 5, failed: 4, left: 5) && outcome.succeeded == 1)
  }

  @Test("How many are left stays unknown where it was")
  func unknown() {
    var outcome = RunOutcome()
    outcome.end()
    #expect(outcome.left == nil && outcome.tasks == 1)
  }

  @Test("CPU time adds up, and the largest task says the memory")
  func usage() {
    var outcome = RunOutcome()
    for peak in [nil, 3 << 20, 1 << 20] { outcome.add(TaskUsage(cpuSeconds: 0.5, maxRSSBytes: peak)) }
    #expect(outcome.cpuSeconds == 1.5 && outcome.maxRSSBytes == 3 << 20)
  }
}
