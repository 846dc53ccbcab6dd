import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("More threads than CPUs")
struct TimeSliceTests {
  static func seconds(_ job: String, _ workers: Int, cpus: Int = 2) throws -> Double {
    var profile = SampleProfile.make(
      cpus: cpus, speedups: Dictionary(uniqueKeysWithValues: (1...cpus).map { ($0, Double($0)) }))
    profile.fixedCosts = [SampleProfile.cost(.threadStart, 1e-9), SampleProfile.cost(.processSpawn, 1e-9)]
    return try CostModel(profile: profile).predict(Job(job), plan: Plan(strategy: .threads, workers: workers))
      .seconds.p50
  }

  /// On a guest of 2 CPUs seven tasks of 3.2 ms took as long with 4, 5 and 7 threads as with 2; of 6 to 32 ms 0.91 to 1.0 times as
  /// long with 5 and 7, where equal shares would take 0.875.
  @Test(
    "Tasks no longer than a slice come one after the other; longer ones share the CPUs half of the way",
    arguments: [(1.0, 4, 1.0), (2.8, 7, 1), (30, 4, 0.9375), (30, 7, 0.9375), (1000, 5, 0.9375)])
  func equal(milliseconds: Double, workers: Int, ratio: Double) throws {
    let job = "cpu:7x\(milliseconds)ms"
    let found = try Self.seconds(job, workers) / Self.seconds(job, 2)
    #expect(agree(found, ratio, within: 0.005))
  }

  @Test("Tasks that differ do so, too", arguments: [3, 4, 24])
  func unequal(workers: Int) throws {
    let (short, long) = ("cpu:24x2ms,cv=1", "cpu:24x200ms,cv=1")
    #expect(try agree(Self.seconds(short, workers), Self.seconds(short, 2), within: 0.005))
    let (many, two) = (try Self.seconds(long, workers), try Self.seconds(long, 2))
    #expect(many <= 1.005 * two)
  }

  @Test("What divides evenly takes as long with any number of threads", arguments: [1.0, 5, 100])
  func even(milliseconds: Double) throws {
    let job = "cpu:48x\(milliseconds)ms"
    let seconds = try [4, 8, 12, 16].map { try Self.seconds(job, $0, cpus: 4) }
    #expect(seconds.allSatisfy { agree($0, seconds[0], within: 0.005) })
  }

  /// 4 + 2 workers fetch 30 replies of 10 ms in eight rounds and compute 3 ms with each: 99 to 106 ms, 84 without the delay.
  @Test(
    "A server beside a pipeline that computes on all CPUs answers each round but the first by a slice later",
    arguments: [
      ("io:30x4KiB,latency=10ms+cpu:30x3ms", [4, 2], 7 * 2.8e-3), ("io:30x4KiB,latency=10ms+cpu:30x1ms", [4, 2], 7e-3),
      ("io:30x4KiB,latency=10ms+cpu:30x3ms", [30, 2], 0), ("io:30x4KiB,latency=10ms+cpu:30x3ms", [4, 1], 0),
      ("wait:30x10ms+cpu:30x3ms", [4, 2], 0),
    ])
  func serverBeside(job: String, slots: [Int], delay: Double) throws {
    func seconds(server: Double) throws -> Double {
      var profile = SampleProfile.twoCores
      profile.variableCosts.http = [1, 4, 64].map {
        DepthPoint(
          depth: $0, bytes: 1024, operationsPerSecond: SampleProfile.estimate(5e4, .perSecond), serverCPUs: server,
          clientCPUs: 0.1)
      }
      profile.variableCosts.httpThreads = nil
      let plan = Plan(strategy: .pipeline, workers: slots.reduce(0, +), stageWorkers: slots)
      return try CostModel(profile: profile).predict(Job(job), plan: plan).seconds.p50
    }
    let extra = try seconds(server: 1e-3) - seconds(server: 0)
    #expect(abs(extra - delay) < 1e-3)
  }

  @Test(
    "Threads that ask take longer for their first requests, beside what their start is known to take",
    arguments: [(300, 2, 1e-3), (3000, 4, 1e-3), (150, 4, 0.5e-3), (300, 1, 0)])
  func inStep(requests: Int, workers: Int, extra: Double) throws {
    func seconds(_ team: Double) throws -> Double {
      var profile = SampleProfile.twoCores
      profile.fixedCosts += [SampleProfile.cost(.httpTeam, team)]
      let plan = Plan(strategy: .threads, workers: workers)
      return try CostModel(profile: profile).predict(Job("io:\(requests)x1KiB"), plan: plan).seconds.p50
    }
    let difference = try seconds(0.021) - seconds(0.02)
    #expect(agree(difference, extra, within: 0.2))
    let (least, none) = (try seconds(1e-9), try seconds(0))
    #expect(least == none)
  }
}
