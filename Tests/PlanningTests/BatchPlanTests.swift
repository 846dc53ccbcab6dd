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
      advise: { estimate(max(1, Double($0) / Double($1.cpus))) })
  }

  let here = BatchPlanner.Machine(name: "here", cpus: 10, pricePerHour: 1)
  let larger = [(80, 10.0), (20, 2.5), (40, 4.5)].map {
    BatchPlanner.Machine(name: "m\($0.0)", cpus: $0.0, pricePerHour: $0.1)
  }

  @Test("A deadline that is met needs nothing else where prices are not known")
  func aDeadlineThatIsMetNeedsNothingElse() throws {
    let priceless = larger.map { BatchPlanner.Machine(name: $0.name, cpus: $0.cpus, pricePerHour: nil) }
    let plan = try Self.planner(deadline: 120).plan(here: here, others: priceless)
    #expect(plan.here.meetsDeadline)
    #expect(plan.scaleUp == nil && plan.scaleOut == nil && plan.others.isEmpty)
  }

  /// A run costs 100 s at 1 here, 50 s at 2.5, 25 s at 4.5 and 12.5 s at 10: the middle one is slower and dearer than that with
  /// forty CPUs.
  @Test("With prices the cheapest in time comes first, and the front of time against cost is marked")
  func frontAndCheapest() throws {
    let plan = try Self.planner(deadline: 120).plan(here: here, others: larger, currency: "EUR")
    #expect(
      plan.verdict.last
        == .cheapest(machines: 1, name: "here", cost: 100.0 / 3600, p95Seconds: 102, plan: "threads"))
    #expect(plan.others.map(\.name) == ["m40", "m20", "m80"])
    #expect(plan.here.isOnFront && plan.others.map(\.isOnFront) == [true, false, true])
    let hurried = try Self.planner(deadline: 30).plan(here: here, others: larger)
    #expect(hurried.others.map(\.name) == ["m40", "m80", "m20"])
    #expect(hurried.verdict.contains { if case .cheapest(1, "m40", _, _, _) = $0 { true } else { false } })
  }

  /// At 10 CPUs for 1 an hour, n machines that need no start take 1000 / 10n s and cost as much as one: all are on the front
  /// but for those of one kind that are dearer. At 80 CPUs for 10, one takes 12.5 s and costs 25 % more than 8 × here in 12.5 s.
  @Test("Several machines are on the front where nothing is faster and cheaper")
  func clustersOnTheFront() throws {
    let plan = try Self.planner(deadline: 20, start: 0).plan(here: here, others: larger)
    // The fastest of those that cost alike: 64 × here, 15.625 tasks each, is 16/10 s at 64 an hour.
    let front = plan.clusters.map { "\($0.machines) \($0.name)" }
    #expect(front.contains("64 here") && !front.contains("64 m80"))
    #expect(plan.others.allSatisfy { !$0.isOnFront })
    // Six machines of 167 tasks each: 16.7 s.
    #expect(plan.scaleOut?.machines == 6 && plan.scaleOut?.name == "here")
    guard
      case .cheapest(let machines, "here", let cost, _, _)? = plan.verdict.first(where: {
        if case .cheapest = $0 { true } else { false }
      })
    else {
      Issue.record("\(plan.verdict)")
      return
    }
    #expect(machines > 1 && isClose(cost, 100.0 / 3600, relative: 1e-12))
  }

  @Test("A plan that rests on scaled machines says what is assumed", arguments: [0.0, 2])
  func assumption(doublings: Double) throws {
    let other = BatchPlanner.Machine(name: "m40", cpus: 40, pricePerHour: 4.5, doublings: doublings)
    let plan = try Self.planner(deadline: 120).plan(here: here, others: [other])
    #expect(plan.verdict.contains(.scaled(errorPerDoubling: 0.1)) == (doublings > 0))
    // 25 s and two percent, and a tenth for each doubling.
    #expect(isClose(plan.others[0].seconds.p95, 25.5 * (1 + 0.1 * doublings), relative: 1e-12))
  }

  @Test("What was scaled from another machine is less sure", arguments: [(0.0, 100.0), (1, 110), (3, 130)])
  func scaled(doublings: Double, p95: Double) {
    let estimate = BatchPlan.Estimate(p50: 50, p95: 100).scaled(doublings: doublings)
    #expect(estimate.p50 == 50 && isClose(estimate.p95, p95, relative: 1e-12))
  }

  /// 100 s here; 50 s on twenty CPUs at 2.5 cost less than 25 s on forty at 4.5 or 12.5 s on eighty at 10.
  @Test("The cheapest larger machine is chosen")
  func theCheapestLargerMachineIsChosen() throws {
    let plan = try Self.planner(deadline: 55).plan(here: here, others: larger)
    #expect(plan.others.map(\.cpus) == [40, 20, 80])
    #expect(plan.scaleUp?.name == "m40")
    #expect(isClose(try #require(plan.scaleUp?.cost), 4.5 * 25 / 3600, relative: 1e-12))
  }

  /// With 60 s to start, 1.02·100/n ≤ 30 takes four machines: 250 tasks each, 25 s.
  @Test("The fewest machines are found")
  func theFewestMachinesAreFound() throws {
    let plan = try Self.planner(deadline: 90).plan(here: here, others: [])
    let cluster = try #require(plan.scaleOut)
    #expect(cluster.machines == 4)
    #expect(cluster.seconds.p50 == 85)
    #expect(isClose(try #require(cluster.cost), 4 * 85.0 / 3600, relative: 1e-12))
    #expect(plan.breakEven?.secondsBetweenRuns == 85)
  }

  @Test("Nothing can meet a deadline shorter than a task")
  func nothingCanMeetADeadlineShorterThanATask() throws {
    let plan = try Self.planner(deadline: 0.5, start: 0).plan(here: here, others: larger)
    #expect(plan.scaleUp == nil && plan.scaleOut == nil && plan.breakEven == nil)
    #expect(plan.verdict.contains(.noCluster))
  }

  @Test("A deadline that cannot be is refused", arguments: [0.0, -1, .nan, .infinity])
  func badDeadline(deadline: Double) {
    let error = #expect(throws: AdvisorError.self) { try Self.planner(deadline: deadline) }
    #expect(error?.code == .badData)
  }
}
