import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("Workers that start one after the other")
struct StaggeredStartTests {
  struct Case: Decodable, Sendable {
    var totalWork, startInterval, fluidTime: Double
    var workers: Int
  }

  @Test(
    "Cases of the reference table staggered_start",
    arguments: [(0.1, 0.0005, 12, 0.011583333333333334), (0.1, 0.05, 6, 0.125)])
  func known(work: Double, step: Double, workers: Int, expected: Double) {
    // The table starts its first worker after one interval.
    let start = StaggeredStart(first: step, step: step)
    #expect(agree(start.finish(work: work, workers: workers), expected, within: 1e-9))
  }

  @Test("Every case of the reference table, to 1e-9")
  func table() throws {
    for reference in try ReferenceTable.cases("staggered_start", as: Case.self) {
      let start = StaggeredStart(first: reference.startInterval, step: reference.startInterval)
      #expect(
        agree(start.finish(work: reference.totalWork, workers: reference.workers), reference.fluidTime, within: 1e-9))
    }
  }

  @Test("Workers that come too late are of no use: about √(2 work / interval) are")
  func useful() {
    let start = StaggeredStart(first: 0, step: 0.01)
    #expect(agree(Double(start.used(work: 1, workers: 1000)), 14, within: 0.08))
    #expect(start.finish(work: 1, workers: 1000) == start.finish(work: 1, workers: 50))
    #expect(StaggeredStart(first: 1, step: 0).finish(work: 4, workers: 2) == 3)
  }
}
