import AdvisorCore
import AdvisorTestSupport
import Planning
import Testing

@Suite("Queues that lose requests, and queues of users")
struct LossAndUserTests {
  /// Erlang B as every table has it, such as those of the ITU-T's Teletraffic Engineering Handbook: A = 10 on 10, 15 and 20 servers.
  @Test("Without waiting, the loss is Erlang's B", arguments: [(10, 0.21458), (15, 0.03650), (20, 0.00187)])
  func erlangB(servers: Int, loss: Double) throws {
    let plan = try LossPlan(QueueLoad(arrivalRate: 10, serviceSeconds: 1), servers: servers, patience: 0)
    #expect(abs(plan.lostShare - loss) < 5e-6 && plan.meanWait == 0)
  }

  /// O. Garnett, A. Mandelbaum and M. Reiman, "Designing a Call Center with Impatient Customers", 2002, section 1: 48 calls a minute of
  /// 1 min on 50 agents; with a mean patience of 2 min, 3.1 % abandon, the mean wait is 3.7 s, and the agents are busy 93 %.
  @Test("With patience, it is Erlang's A as Garnett, Mandelbaum and Reiman print it")
  func erlangA() throws {
    let plan = try LossPlan(QueueLoad(arrivalRate: 48 / 60.0, serviceSeconds: 60), servers: 50, patience: 120)
    #expect((plan.lostShare * 1000).rounded() == 31)
    #expect((plan.meanWait * 10).rounded() == 37)
    #expect((plan.utilisation * 100).rounded() == 93)
  }

  /// Where requests give up as fast as they are served, the number of them is that of a queue without end of servers: Poisson.
  @Test("With patience of one service, requests are Poisson", arguments: [1, 3, 8])
  func poisson(servers: Int) throws {
    let plan = try LossPlan(QueueLoad(arrivalRate: 4, serviceSeconds: 1), servers: servers, patience: 1)
    var (term, below) = (0.018315638888734179, 0.0)
    for count in 0..<servers {
      below += term
      term *= 4 / Double(count + 1)
    }
    #expect(isClose(plan.probabilityOfWait, 1 - below, relative: 1e-12))
  }

  @Test(
    "The fewest servers lose at most what was allowed, and one less loses more", arguments: [0.0, 5, 120],
    [0.05, 0.001])
  func fewest(patience: Double, limit: Double) throws {
    let load = try QueueLoad(arrivalRate: 3, serviceSeconds: 7)
    let plan = try LossPlan.fewestServers(load, patience: patience, lostAtMost: limit)
    #expect(plan.lostShare <= limit)
    #expect(plan.outcomes == [.lost(atMost: limit, reached: plan.lostShare)])
    if plan.servers > 1 {
      #expect(try LossPlan(load, servers: plan.servers - 1, patience: patience).lostShare > limit)
    }
  }

  /// As the tails of hypoexponential times give them (Python), which 190,000 simulated answers agree with to a percent: how many take longer than one service, and three.
  @Test(
    "Users' answers take as long as simulated",
    arguments: [(40, 40.0, 1, 0.8707, 0.6329), (20, 5, 3, 0.7540, 0.2449), (6, 2, 2, 0.5927, 0.1242)])
  func tails(users: Int, think: Double, servers: Int, one: Double, three: Double) throws {
    let queue = try ClosedQueue(users: users, thinkSeconds: think, serviceSeconds: 1, servers: servers)
    #expect(abs(queue.probability(responseAbove: 1) - one) < 5e-4)
    #expect(abs(queue.probability(responseAbove: 3) - three) < 5e-4)
    #expect(isClose(queue.probability(responseAbove: queue.responseQuantile(0.9)), 0.1, relative: 1e-9))
  }

  /// Little's law, with what the birth-death chain says of throughput: N = X(R + Z).
  @Test("The mean answer keeps Little's law", arguments: [1, 2, 30, 5000], [1, 2, 1000])
  func little(users: Int, servers: Int) throws {
    let plan = try ClosedQueuePlan(users: users, thinkSeconds: 3, serviceSeconds: 0.5, servers: servers)
    #expect(isClose(plan.throughput * (plan.meanResponse + 3), Double(users), relative: 1e-9))
    let times = plan.percentiles.response
    #expect(times.p50 < times.p90 && times.p90 < times.p99 && times.p50 >= 0.5 * 0.693)
  }

  /// Alone, a user never waits: the answer is the service.
  @Test("With a server each, answers are exponential", arguments: [1, 3, 200])
  func alone(users: Int) throws {
    let queue = try ClosedQueue(users: users, thinkSeconds: 1, serviceSeconds: 2, servers: users)
    #expect(isClose(queue.responseQuantile(0.5), 2 * 0.69314718055994531, relative: 1e-9))
  }

  @Test(
    "The fewest servers for users meet the goal, and one less does not",
    arguments: [
      QueueGoal.response(share: 0.99, within: 0.3), .response(share: 0.5, within: 0.05), .occupancy(atMost: 0.6),
      .wait(share: 0.1, longerThan: 0.01),
    ])
  func staffing(goal: QueueGoal) throws {
    let servers = try Staffing.fewestServers(users: 40, thinkSeconds: 2, serviceSeconds: 0.05, goal: goal)
    for (count, isMet) in [(servers, true), (servers - 1, false)] where count >= 1 {
      let queue = try ClosedQueue(users: 40, thinkSeconds: 2, serviceSeconds: 0.05, servers: count)
      #expect(goal.isMet(by: queue) == isMet)
    }
  }

  /// 20 erlangs at 80 % are 25 servers; the 99th percentile and what is reached are told.
  @Test("Occupancy is a goal, and what is reached is told")
  func occupancy() throws {
    let load = try QueueLoad(arrivalRate: 200, serviceSeconds: 0.1)
    let goal = QueueGoal.occupancy(atMost: 0.8)
    #expect(try Staffing.fewestServers(load, goal: goal) == 25)
    #expect(try Staffing.fewestServers(load, .deterministic, goal: goal, seed: 1) == 25)
    let plan = try QueuePlan(load, .exponential, servers: 25, seed: 1, goals: [goal], percentile: 0.999)
    #expect(plan.outcomes == [.occupancy(atMost: 0.8, reached: 0.8)])
    #expect(plan.percentiles.response.asked?.share == 0.999)
  }

  @Test(
    "A mean and a standard deviation give the spread",
    arguments: [(0.0, "deterministic"), (2, "exponential"), (1, "lognormal:0.25")])
  func deviation(deviation: Double, form: String) throws {
    #expect(try ServiceDistribution(mean: 2, deviation: deviation).description == form)
    #expect(throws: AdvisorError.self) { try ServiceDistribution(mean: 2, deviation: 21) }
  }
}
