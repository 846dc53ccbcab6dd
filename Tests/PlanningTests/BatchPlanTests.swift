import AdvisorCore
import AdvisorTestSupport
import Planning
import Testing

@Suite("Batch plans")
struct BatchPlanTests {
  /// A thousand tasks of one second that share out evenly over the CPUs, two percent of spread.
  static func planner(deadline: Double, start: Double = 60) throws -> BatchPlanner {
    func estimate(_ seconds: Double) -> BatchPlanner.Advice {
      ("threads", BatchPlan.Estimate(p50: seconds, p95: seconds * 1.02))
    }
    return try BatchPlanner(
      job: "cpu:1000x1s", tasks: 1000, deadline: deadline, startSeconds: start,
      advise: { estimate(1000 / Double($0)) }, adviseShare: { estimate(max(1, Double($0) / 10)) })
  }

  let here = BatchPlanner.Machine(name: "here", cpus: 10, pricePerHour: 1)
  let larger = [(80, 10.0), (20, 2.5), (40, 4.5)].map {
    BatchPlanner.Machine(name: "m\($0.0)", cpus: $0.0, pricePerHour: $0.1)
  }

  @Test("A deadline that is met needs nothing else")
  func aDeadlineThatIsMetNeedsNothingElse() throws {
    let plan = try Self.planner(deadline: 120).plan(here: here, larger: larger)
    #expect(plan.here.meetsDeadline)
    #expect(plan.scaleUp == nil && plan.scaleOut == nil && plan.larger.isEmpty)
  }

  /// 100 s here; 50 s on twenty CPUs at 2.5 cost less than 25 s on forty at 4.5 or 12.5 s on eighty at 10.
  @Test("The cheapest larger machine is chosen")
  func theCheapestLargerMachineIsChosen() throws {
    let plan = try Self.planner(deadline: 55).plan(here: here, larger: larger)
    #expect(plan.larger.map(\.cpus) == [20, 40, 80])
    #expect(plan.scaleUp?.name == "m40")
    #expect(isClose(try #require(plan.scaleUp?.cost), 4.5 * 25 / 3600, relative: 1e-12))
  }

  /// With 60 s to start, 1.02·100/n ≤ 30 takes four machines: 250 tasks each, 25 s.
  @Test("The fewest machines are found")
  func theFewestMachinesAreFound() throws {
    let plan = try Self.planner(deadline: 90).plan(here: here, larger: [])
    let cluster = try #require(plan.scaleOut)
    #expect(cluster.machines == 4)
    #expect(cluster.seconds.p50 == 85)
    #expect(isClose(try #require(cluster.cost), 4 * 85.0 / 3600, relative: 1e-12))
    #expect(plan.breakEven?.secondsBetweenRuns == 85)
  }

  @Test("Nothing can meet a deadline shorter than a task")
  func nothingCanMeetADeadlineShorterThanATask() throws {
    let plan = try Self.planner(deadline: 0.5, start: 0).plan(here: here, larger: larger)
    #expect(plan.scaleUp == nil && plan.scaleOut == nil && plan.breakEven == nil)
    #expect(plan.verdict.contains(.noCluster))
  }

  @Test("A deadline that cannot be is refused", arguments: [0.0, -1, .nan, .infinity])
  func badDeadline(deadline: Double) {
    let error = #expect(throws: AdvisorError.self) { try Self.planner(deadline: deadline) }
    #expect(error?.code == .badData)
  }
}
