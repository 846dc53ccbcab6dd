import AdvisorCore
import Testing

@testable import CostModel

@Suite("The time that is left, by the tasks that have ended")
struct TaskTimesTests {
  @Test("Equal tasks leave no doubt but who is last")
  func equalTasks() throws {
    var times = TaskTimes()
    #expect(times.left(10, workers: 2) == nil)
    for _ in 0..<4 { times.add(wallSeconds: 2) }
    #expect(times.left(10, workers: 2) == Prediction.Seconds(p5: 10, p50: 10, p95: 11))
    #expect(times.left(0, workers: 2) == Prediction.Seconds(p5: 0, p50: 0, p95: 0))
  }

  @Test("The spread of a sum of unequal tasks, by hand")
  func unequalTasks() throws {
    var times = TaskTimes()
    // Mean 2, variance 100/99 of 100 tasks; 400 more take 800 s, with a variance of (400 + 400²/100) 100/99. Of Student's t
    // with 99 degrees of freedom the 95th percentile is 1.66039 (R: qt(0.95, 99)).
    for index in 0..<100 { times.add(wallSeconds: index % 2 == 0 ? 1 : 3) }
    let half = 1.660391 * (2000.0 * 100 / 99).squareRoot()
    let left = try #require(times.left(400, workers: 1))
    #expect(abs(left.p5 - (800 - half)) < 1e-3 && left.p50 == 800 && abs(left.p95 - (800 + half)) < 1e-3)
  }

  @Test("Of a batch each input counts")
  func batches() {
    var times = TaskTimes()
    for _ in 0..<2 { times.add(wallSeconds: 2, tasks: 4) }
    #expect(times.left(8, workers: 1)?.p50 == 4)
  }

  @Test("What is known of few tasks is told less surely", arguments: [2, 4, 16, 64])
  func fewTasks(count: Int) throws {
    func width(_ count: Int) throws -> Double {
      var times = TaskTimes()
      for index in 0..<count { times.add(wallSeconds: index % 2 == 0 ? 1 : 3) }
      let left = try #require(times.left(100, workers: 1))
      return left.p95 - left.p5
    }
    #expect(try width(count) > width(2 * count))
  }
}
