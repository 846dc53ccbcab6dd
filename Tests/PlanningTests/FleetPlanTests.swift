import AdvisorCore
import AdvisorTestSupport
import Planning
import Testing

@Suite("Fleets")
struct FleetPlanTests {
  let eight = MachineOption(name: "eight", servers: 8, serviceTime: 0.05, pricePerHour: 1)

  /// 1000 requests/s of 50 ms are 50 erlangs; at 70 % of 8 servers a machine, 50 / 5.6 = 8.93, so nine machines.
  @Test("Headroom decides where the response is easy")
  func headroomDecidesWhereTheResponseIsEasy() throws {
    let goal = try FleetGoal(arrivalRate: 1000, p95Response: 10, headroom: 0.3, redundancy: 1)
    let fleet = try #require(FleetPlan([eight], goal: goal).fleets.first)
    #expect(fleet.machines == 10)
    #expect(fleet.pricePerHour == 10)
    #expect(isClose(try #require(fleet.whole).utilisation, 50.0 / 80, relative: 1e-12))
    #expect(isClose(try #require(fleet.afterOneFailure).utilisation, 50.0 / 72, relative: 1e-12))
    #expect(try #require(fleet.afterOneFailure).meetsGoal)
    // A fifth more load: 60 / 5.6 = 10.7; a fifth less: 40 / 5.6 = 7.1; with the spare one.
    let sensitivity = try #require(fleet.sensitivity)
    #expect([sensitivity.lessLoad, sensitivity.moreLoad] == [9, 12])
    #expect([sensitivity.fasterService, sensitivity.slowerService] == [9, 12])
  }

  @Test(
    "A goal that nothing meets is refused before machines are counted",
    arguments: [
      (arrivalRate: 0.0, p95Response: 0.3, headroom: 0.3), (arrivalRate: 100, p95Response: 0, headroom: 0.3),
      (arrivalRate: 100, p95Response: -1, headroom: 0.3), (arrivalRate: 100, p95Response: 0.3, headroom: 1),
    ])
  func impossible(goal: (arrivalRate: Double, p95Response: Double, headroom: Double)) {
    let error = #expect(throws: AdvisorError.self) {
      try FleetGoal(
        arrivalRate: goal.arrivalRate, p95Response: goal.p95Response, headroom: goal.headroom, redundancy: 1)
    }
    #expect(error?.code == .badData)
  }

  @Test("One machine fewer misses the goal", arguments: [0.16, 0.2, 0.3])
  func minNumber(seconds: Double) throws {
    let goal = try FleetGoal(arrivalRate: 1000, p95Response: seconds, headroom: 0, redundancy: 0)
    let fleet = try #require(FleetPlan([eight], goal: goal).fleets.first)
    #expect(try #require(fleet.whole).meetsGoal)
    #expect(try #require(fleet.whole?.p95Response) <= seconds)
    #expect(try #require(fleet.afterOneFailure).meetsGoal == false)
  }

  @Test("A fleet without spares is overloaded when one fails")
  func aFleetWithoutSparesIsOverloadedWhenOneFails() throws {
    let goal = try FleetGoal(arrivalRate: 150, p95Response: 10, headroom: 0, redundancy: 0)
    let fleet = try #require(FleetPlan([eight], goal: goal).fleets.first)
    #expect(fleet.machines == 1)
    #expect(fleet.afterOneFailure == nil)
  }

  /// 95 % of exponential services of 50 ms take up to 150 ms on their own.
  @Test("The impossible is said and sorted last")
  func theImpossibleIsSaidAndSortedLast() throws {
    let goal = try FleetGoal(arrivalRate: 10, p95Response: 0.1, headroom: 0.3, redundancy: 1)
    let fast = MachineOption(name: "fast", servers: 2, serviceTime: 0.02, pricePerHour: nil)
    let plan = FleetPlan([eight, fast], goal: goal)
    #expect(plan.fleets.map(\.option.name) == ["fast", "eight"])
    #expect(plan.fleets[1].machines == nil)
    guard case .serviceTooLong(let seconds) = plan.fleets[1].problem else {
      Issue.record("\(String(describing: plan.fleets[1].problem))")
      return
    }
    #expect(isClose(seconds, 0.15, relative: 0.01))
  }

  @Test("The cheapest comes first")
  func theCheapestComesFirst() throws {
    let goal = try FleetGoal(arrivalRate: 100, p95Response: 1, headroom: 0.3, redundancy: 0)
    let options = [("dear", 8, 9.0), ("cheap", 8, 0.5), ("unpriced", 64, nil)].map {
      MachineOption(name: $0.0, servers: $0.1, serviceTime: 0.05, pricePerHour: $0.2)
    }
    #expect(FleetPlan(options, goal: goal).fleets.map(\.option.name) == ["cheap", "dear", "unpriced"])
  }

  @Test("Ten thousand candidates are all sized")
  func tenThousandCandidatesAreAllSized() throws {
    let goal = try FleetGoal(arrivalRate: 5000, p95Response: 0.3, headroom: 0.3, redundancy: 1)
    let options = (0..<10_000).map {
      MachineOption(
        name: "m\($0)", servers: 1 + $0 % 64, serviceTime: 0.01 + Double($0 % 97) / 2000, pricePerHour: Double($0 % 13))
    }
    let fleets = FleetPlan(options, goal: goal).fleets
    #expect(fleets.count == 10_000)
    #expect(fleets.allSatisfy { $0.machines != nil && $0.whole?.meetsGoal == true })
  }

  @Test(
    "A goal that cannot be is refused",
    arguments: [(0.0, 1.0, 0.3), (10, -1, 0.3), (10, 1, 1), (10, 1, -0.1), (.nan, 1, 0.3), (.infinity, 1, 0.3)])
  func badGoals(arrivalRate: Double, seconds: Double, headroom: Double) {
    let error = #expect(throws: AdvisorError.self) {
      try FleetGoal(arrivalRate: arrivalRate, p95Response: seconds, headroom: headroom, redundancy: 1)
    }
    #expect(error?.code == .badData)
  }
}

@Suite("Until when fleets keep their goal")
struct FleetOutlookTests {
  /// 95 % of the responses of one exponential server come within ln 20 / (μ − λ) (M/M/1): with 20 requests/s of service and
  /// 0.3 s, λ ≤ 20 − 9.986 = 10.01 each. Four machines for 30/s, one to spare: three bear 30.04/s, four 40.06/s.
  static let goal = (rate: 30.0, each: 20 - 2.995_732_273_553_991 / 0.3)

  @Test("The trend of the load gives the dates", arguments: [0.5, 1])
  func dates(growth: Double) throws {
    let (plan, goal) = try plan()
    let history = try LoadHistory(
      (0..<30).map { .init(time: Double($0), load: 29 + growth * (Double($0) - 29)) }, hasDates: false)
    let outlook = try FleetOutlook(plan.fleets[0], goal: goal, history: history, level: 0.9)
    #expect(outlook.stages.map(\.machines) == [4, 5, 6, 8])
    for stage in outlook.stages {
      let rate = Double(stage.machines - 1) * Self.goal.each
      #expect(isClose(stage.arrivalRate, rate, relative: 1e-9))
      #expect(stage.pointCrossing?.stepsAhead == Int(((rate - 29) / growth).rounded(.up)))
    }
    #expect(outlook.name == "one" && outlook.redundancy == 1 && outlook.level == 0.9)
  }

  /// 70 % of 20 requests/s are 14 of each, where the response time would allow more.
  @Test("Headroom stays free")
  func headroomStaysFree() throws {
    let goal = try FleetGoal(arrivalRate: 30, p95Response: 10, headroom: 0.3, redundancy: 0)
    let plan = FleetPlan([one], goal: goal)
    let history = try LoadHistory((0..<9).map { .init(time: Double($0), load: 20 + Double($0)) }, hasDates: false)
    let outlook = try FleetOutlook(plan.fleets[0], goal: goal, history: history, level: 0.9)
    #expect(plan.fleets[0].machines == 3)
    #expect(isClose(outlook.stages[0].arrivalRate, 42, relative: 1e-9))
  }

  @Test("The history must be in the unit of the arrival rate", arguments: [1.0, 1800])
  func otherUnit(load: Double) throws {
    let (plan, goal) = try plan()
    let history = try LoadHistory((0..<9).map { .init(time: Double($0), load: load) }, hasDates: false)
    let error = #expect(throws: AdvisorError.self) {
      try FleetOutlook(plan.fleets[0], goal: goal, history: history, level: 0.9)
    }
    #expect(error?.advice.contains("requests/s") == true)
  }

  private let one = MachineOption(name: "one", servers: 1, serviceTime: 0.05, pricePerHour: nil)

  private func plan() throws -> (FleetPlan, FleetGoal) {
    let goal = try FleetGoal(arrivalRate: Self.goal.rate, p95Response: 0.3, headroom: 0, redundancy: 1)
    return (FleetPlan([one], goal: goal), goal)
  }
}
