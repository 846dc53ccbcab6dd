import AdvisorCore
import AdvisorTestSupport
import Planning
import Testing

@Suite("M/M/c")
struct ExponentialQueueTests {
  struct Case: Decodable {
    var lam, mu, erlangB, erlangC, wq, w, pWaitGt1OverMu: Double
    var waitP50, waitP90, waitP95, waitP99: Double
    var c: Int
  }

  @Test("The queue agrees with 60-digit arithmetic up to 20,000 servers")
  func referenceTable() throws {
    for row in try ReferenceTable.cases("queue_mmc", as: Case.self) {
      let load = try QueueLoad(arrivalRate: row.lam, serviceSeconds: 1 / row.mu)
      let queue = try ExponentialQueue(load, servers: row.c)
      let loss = Erlang.lossProbability(offeredLoad: load.offeredLoad, servers: row.c)
      let pairs = [
        (loss, row.erlangB), (queue.probabilityOfWait, row.erlangC), (queue.meanWait, row.wq),
        (queue.meanWait + 1 / row.mu, row.w), (queue.probability(waitAbove: 1 / row.mu), row.pWaitGt1OverMu),
        (queue.waitQuantile(0.5), row.waitP50), (queue.waitQuantile(0.9), row.waitP90),
        (queue.waitQuantile(0.95), row.waitP95), (queue.waitQuantile(0.99), row.waitP99),
      ]
      for (index, (value, expected)) in pairs.enumerated() {
        #expect(
          isClose(value, expected, relative: 1e-9, absolute: 1e-150), "c = \(row.c), ρ = \(row.lam / row.mu), \(index)")
      }
    }
  }

  /// One server: C = ρ, W = 1/(μ − λ), and the response is exponential with that mean (any queueing text).
  @Test("One server has an exponential response", arguments: [0.3, 0.5, 0.8, 0.99])
  func oneServer(utilisation: Double) throws {
    let queue = try ExponentialQueue(QueueLoad(arrivalRate: utilisation, serviceSeconds: 1), servers: 1)
    let mean = 1 / (1 - utilisation)
    #expect(isClose(queue.probabilityOfWait, utilisation, relative: 1e-12))
    #expect(isClose(queue.meanWait, mean - 1, relative: 1e-12))
    // ln 20 means hold 95 % of an exponential distribution.
    #expect(isClose(queue.responseQuantile(0.95), 2.995732273553991 * mean, relative: 1e-9))
  }

  /// One server: P95 = ln 20 / (μ − λ), so the most load for t is μ − ln 20 / t.
  @Test("A queue carries a load up to where the goal breaks", arguments: [3.0, 4.0, 30.0, 3000.0])
  func maxArrivalRate(seconds: Double) throws {
    let most = ExponentialQueue.maxArrivalRate(
      serviceSeconds: 1, servers: 1, goal: .response(share: 0.95, within: seconds))
    #expect(isClose(try #require(most), 1 - 2.995732273553991 / seconds, relative: 1e-6))
  }

  @Test("No load keeps a goal below the service itself")
  func noLoadKeepsAGoalBelowTheServiceItself() {
    let goal = QueueGoal.response(share: 0.95, within: 2.9)
    #expect(ExponentialQueue.maxArrivalRate(serviceSeconds: 1, servers: 9, goal: goal) == nil)
  }

  /// λ = μ = 1, c = 2: C = 1/3, and θ = cμ − λ equals μ, so P(R > t) = exp(−t)(1 + t/3).
  @Test("The wait may drain as fast as the service ends")
  func theWaitMayDrainAsFastAsTheServiceEnds() throws {
    let queue = try ExponentialQueue(QueueLoad(arrivalRate: 1, serviceSeconds: 1), servers: 2)
    #expect(isClose(queue.probability(responseAbove: 3), 0.049787068367863944 * 2, relative: 1e-12))
  }

  @Test("Far out in the tail a probability stays one", arguments: [(0.999, 1, 1e6), (1.0, 1000, 1e6), (0.5, 1, 1e5)])
  func farTail(utilisation: Double, servers: Int, seconds: Double) throws {
    let load = try QueueLoad(arrivalRate: 0.999 * utilisation * Double(servers), serviceSeconds: 1)
    let share = try ExponentialQueue(load, servers: servers).probability(responseAbove: seconds)
    #expect(share >= 0 && share < 1e-200)
  }

  @Test("A queue as busy as its servers or busier is refused", arguments: [(1.0, 1), (2.0, 2), (2.0, 1), (30.5, 30)])
  func unstable(arrivalRate: Double, servers: Int) throws {
    let load = try QueueLoad(arrivalRate: arrivalRate, serviceSeconds: 1)
    let error = #expect(throws: AdvisorError.self) { try ExponentialQueue(load, servers: servers) }
    #expect(error?.code == .badData)
    #expect(error?.advice.contains("\(load.fewestStableServers) servers") == true)
    #expect(throws: Never.self) { try ExponentialQueue(load, servers: load.fewestStableServers) }
  }

  @Test(
    "A load that cannot be is refused",
    arguments: [(0.0, 1.0), (1, 0), (-1, 1), (.infinity, 1), (.nan, 1), (1e300, 1e300)])
  func badLoad(arrivalRate: Double, serviceSeconds: Double) {
    #expect(throws: AdvisorError.self) { try QueueLoad(arrivalRate: arrivalRate, serviceSeconds: serviceSeconds) }
  }
}
