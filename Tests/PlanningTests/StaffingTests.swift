import AdvisorCore
import AdvisorTestSupport
import Planning
import Testing

@Suite("Staffing")
struct StaffingTests {
  struct Case: Decodable {
    var kind: String
    var offeredLoad, eps: Double
    var mu, t: Double?
    var minC: Int
  }

  @Test("The fewest servers are found exactly")
  func referenceTable() throws {
    for row in try ReferenceTable.cases("staffing", as: Case.self) {
      let load = try QueueLoad(arrivalRate: row.offeredLoad, serviceSeconds: 1 / (row.mu ?? 1))
      let goal = QueueGoal.wait(share: row.eps, longerThan: row.t ?? 0)
      #expect(try Staffing.fewestServers(load, goal: goal) == row.minC, "\(row)")
    }
  }

  /// By hand from Erlang C: at a = 2, C(4) = 0.1739 and C(5) = 0.0597.
  @Test("The fewest servers agree with Erlang C by hand", arguments: [(0.2, 4), (0.1739, 5), (0.06, 5)])
  func byHand(share: Double, expected: Int) throws {
    let load = try QueueLoad(arrivalRate: 2, serviceSeconds: 1)
    #expect(try Staffing.fewestServers(load, goal: .wait(share: share, longerThan: 0)) == expected)
  }

  @Test("For a response goal one server fewer misses it", arguments: [3.2, 4.0, 10.0])
  func response(seconds: Double) throws {
    let load = try QueueLoad(arrivalRate: 40, serviceSeconds: 1)
    let goal = QueueGoal.response(share: 0.95, within: seconds)
    let servers = try Staffing.fewestServers(load, goal: goal)
    #expect(try ExponentialQueue(load, servers: servers).responseQuantile(0.95) <= seconds)
    if servers > load.fewestStableServers {
      #expect(try ExponentialQueue(load, servers: servers - 1).responseQuantile(0.95) > seconds)
    }
  }

  @Test("Regular service needs no more servers than exponential")
  func regularServiceNeedsNoMoreServersThanExponential() throws {
    let load = try QueueLoad(arrivalRate: 9.5, serviceSeconds: 1)
    let goal = QueueGoal.wait(share: 0.05, longerThan: 0.3)
    let exponential = try Staffing.fewestServers(load, goal: goal)
    let regular = try Staffing.fewestServers(load, .deterministic, goal: goal, seed: 1)
    #expect(regular < exponential)
    #expect(goal.isMet(by: try SimulatedQueue(load, .deterministic, servers: regular, seed: 1)))
  }

  /// 95 % of exponential services of one second take up to ln 20 = 2.996 s, however many servers there are.
  @Test(
    "A goal that no number of servers meets is refused",
    arguments: [
      QueueGoal.response(share: 0.95, within: 2.99), .response(share: 0.95, within: 0), .wait(share: 0, longerThan: 1),
      .wait(share: 1, longerThan: 1), .wait(share: 0.1, longerThan: -1), .wait(share: 0.1, longerThan: .nan),
    ])
  func unreachable(goal: QueueGoal) throws {
    let load = try QueueLoad(arrivalRate: 1, serviceSeconds: 1)
    let error = #expect(throws: AdvisorError.self) { try Staffing.fewestServers(load, goal: goal) }
    #expect(error?.code == .badData)
  }

  @Test("No server is faster than a fixed service time")
  func noServerIsFasterThanAFixedServiceTime() throws {
    let load = try QueueLoad(arrivalRate: 1, serviceSeconds: 1)
    let goal = QueueGoal.response(share: 0.95, within: 1)
    #expect(throws: AdvisorError.self) { try Staffing.fewestServers(load, .deterministic, goal: goal, seed: 1) }
  }

  @Test("A load of a million servers is planned for")
  func aLoadOfAMillionServersIsPlannedFor() throws {
    let load = try QueueLoad(arrivalRate: 1e6, serviceSeconds: 1)
    // Square-root staffing (Halfin & Whitt 1981): a + β√a with β = 1.42 for one request in ten that waits.
    let servers = try Staffing.fewestServers(load, goal: .wait(share: 0.1, longerThan: 0))
    #expect(abs(servers - 1_001_420) <= 2)
  }
}
