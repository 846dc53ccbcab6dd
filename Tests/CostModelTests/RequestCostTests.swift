import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("CPU time of requests")
struct RequestCostTests {
  static func point(_ depth: Int, _ bytes: Int, _ rate: Double, client: Double?, server: Double? = nil) -> DepthPoint {
    DepthPoint(
      depth: depth, bytes: bytes, operationsPerSecond: SampleProfile.estimate(rate, .perSecond), serverCPUs: server,
      clientCPUs: client)
  }

  /// 10,000 requests of 1 KiB a second at 0.8 and 0.4 CPUs; 1,000 of 1 MiB at 0.5 and 0.9.
  static let points = [
    point(1, 1024, 5_000, client: 0.9, server: 0.5), point(8, 1024, 10_000, client: 0.8, server: 0.4),
    point(4, 1 << 20, 1_000, client: 0.5, server: 0.9),
  ]

  @Test(
    "As measured with several under way; larger ones in proportion",
    arguments: [
      (10.0, 80e-6, 40e-6), (1024, 80e-6, 40e-6), (0x1p20, 500e-6, 900e-6), (0x1p21, 1000e-6, 1800e-6),
      (Double(1024 + 1 << 20) / 2, 290e-6, 470e-6),
    ])
  func bySize(bytes: Double, client: Double, server: Double) throws {
    let cost = try #require(RequestCosts(Self.points)).cost(bytes: bytes)
    #expect(agree(cost.client, client, within: 1e-3))
    #expect(agree(cost.server, server, within: 1e-3))
  }

  @Test("A profile that does not tell has none")
  func unknown() {
    #expect(RequestCosts([Self.point(4, 1024, 1000, client: nil)]) == nil)
    #expect(RequestCosts([]) == nil)
  }

  @Test("Threads that ask are as fast as was measured of threads, one loop as was measured of one loop")
  func byThreads() throws {
    var profile = SampleProfile.make(cpus: 2, speedups: [1: 1, 2: 2])
    profile.variableCosts.http = [Self.point(1, 1024, 10_000, client: 0.5), Self.point(8, 1024, 20_000, client: 1)]
    profile.variableCosts.httpThreads = [Self.point(8, 1024, 80_000, client: 2)]
    func seconds(_ strategy: Strategy, _ workers: Int, _ profile: MachineProfile) throws -> Double {
      try CostModel(profile: profile).predict(
        Job("io:80000x1KiB"), plan: Plan(strategy: strategy, workers: workers)
      ).seconds.p50
    }
    #expect(agree(try seconds(.async, 8, profile), 4, within: 0.05))
    #expect(agree(try seconds(.threads, 8, profile), 1, within: 0.05))
    #expect(agree(try seconds(.sequential, 1, profile), 8, within: 0.05))
    // With other CPUs the threads would be as fast as nobody knows.
    #expect(agree(try seconds(.threads, 8, profile.whatIf(WhatIf(cpus: 16))), 4, within: 0.05))
  }

  /// Beside one, two, four and eight busy loops on 2 CPUs 16 jobs of requests to the server beside them took 1.5, 2.3, 3.2 and 4.5
  /// to 9 times as long in the median.
  @Test(
    "Beside busy threads of others requests wait for the CPUs, on both sides where the server is beside us",
    arguments: [(0.0, 1.0, 1.0), (1, 1.5, 1.25), (2, 2, 1.5), (8, 5, 3)])
  func besideOthers(threads: Double, here: Double, elsewhere: Double) throws {
    func seconds(_ job: String, server: Double, threads: Double?) throws -> Double {
      var profile = SampleProfile.make(cpus: 2, speedups: [1: 1, 2: 2])
      profile.variableCosts.http = [1, 8].map { Self.point($0, 1024, 10_000, client: 0.5, server: server) }
      profile.variableCosts.httpThreads = nil
      profile.presentLoad = threads.map { PresentLoad(threads: $0) }
      return try CostModel(profile: profile).predict(Job(job), plan: Plan(strategy: .async, workers: 8)).seconds.p50
    }
    for (server, expected) in [(0.5, here), (0, elsewhere)] {
      let quiet = try seconds("io:8000x1KiB", server: server, threads: nil)
      #expect(agree(try seconds("io:8000x1KiB", server: server, threads: threads) / quiet, expected, within: 0.03))
    }
    // What a server waits for is no work of anyone's.
    let waiting = try seconds("io:8x1KiB,latency=10s", server: 0.5, threads: threads)
    #expect(agree(waiting, 10, within: 0.01))
  }

  @Test("Requests that nothing keeps away are as fast as measured with as many, however slow one alone is")
  func aloneIsSlower() throws {
    var profile = SampleProfile.make(cpus: 2, speedups: [1: 1, 2: 2])
    profile.variableCosts.http = [Self.point(1, 1024, 10_000, client: 0.5)]
    profile.variableCosts.httpThreads = [Self.point(2, 1024, 50_000, client: 1)]
    let seconds = try CostModel(profile: profile).predict(
      Job("io:50000x1KiB"), plan: Plan(strategy: .threads, workers: 2)
    ).seconds.p50
    #expect(agree(seconds, 1, within: 0.05))
  }

  @Test("Each connection's first body costs more, less than a MiB with the root of its size")
  func firstBodies() throws {
    var profile = SampleProfile.make(cpus: 2, speedups: [1: 1, 2: 2])
    profile.fixedCosts += [SampleProfile.cost(.httpOpen, 0), SampleProfile.cost(.httpFirstMebibyte, 0.1)]
    func extra(_ job: String, _ workers: Int) throws -> Double {
      let plan = Plan(strategy: .async, workers: workers)
      let part = try CostModel(profile: profile).predict(Job(job), plan: plan).breakdown.first { $0.name == "start" }
      return part?.seconds ?? 0
    }
    #expect(agree(try extra("io:1000x1MiB", 8), 0.8, within: 0.01))
    #expect(agree(try extra("io:1000x8MiB", 8), 0.8, within: 0.01))
    #expect(agree(try extra("io:100000x256KiB", 8), 0.4, within: 0.01))
    #expect(agree(try extra("io:100000x64KiB", 8), 0.2, within: 0.01))
  }

  /// Of 0.1 s each; two connections have half of the replies each.
  @Test(
    "A connection's first 16 MiB of large bodies take longer, one connection's beside another's",
    arguments: [
      ("io:8x1MiB", 1, 0.8), ("io:16x1MiB", 1, 1.6), ("io:1000x1MiB", 1, 1.6), ("io:16x1MiB", 2, 0.8),
      ("io:16x1MiB", 16, 0.1),
      ("io:100x256KiB", 1, 0), ("io:100x1KiB", 1, 0), ("io:2x32MiB", 1, 2.1),
    ])
  func growingBuffers(job: String, workers: Int, seconds: Double) throws {
    var profile = SampleProfile.make(cpus: 2, speedups: [1: 1, 2: 2])
    profile.fixedCosts += [SampleProfile.cost(.httpOpen, 0), SampleProfile.cost(.httpBufferGrowth, 0.1)]
    let plan = Plan(strategy: .async, workers: workers)
    let parts = try CostModel(profile: profile).predict(Job(job), plan: plan).breakdown
    #expect(abs((parts.first { $0.name == "buffer growth" }?.seconds ?? 0) - seconds) < 0.03)
  }

  @Test("Each worker process loads libcurl, on as many CPUs as there are; threads share what was loaded")
  func loading() throws {
    func extra(_ strategy: Strategy, load: Double) throws -> Double {
      var profile = SampleProfile.make(cpus: 2, speedups: [1: 1, 2: 2])
      profile.fixedCosts += [SampleProfile.cost(.httpLoad, load)]
      let plan = Plan(strategy: strategy, workers: 50)
      return try CostModel(profile: profile).predict(Job("io:1000x1KiB"), plan: plan).seconds.p50
    }
    #expect(agree(try extra(.processes, load: 0.02) - extra(.processes, load: 0.01), 50 * 0.01 / 2, within: 0.05))
    #expect(try extra(.threads, load: 0.02) == extra(.threads, load: 0.01))
  }

  @Test("Computing waits for the CPU time of the requests beside it, the built-in server's included")
  func besideWork() throws {
    let job = try Job("io:100x1MiB+cpu:100x1ms")
    var profile = SampleProfile.make(cpus: 2, speedups: [1: 1, 2: 2])
    profile.variableCosts.http = Self.points
    for plan in [Plan(strategy: .threads, workers: 8), Plan(strategy: .pipeline, workers: 4, stageWorkers: [2, 2])] {
      let seconds = try CostModel(profile: profile).predict(job, plan: plan).seconds.p50
      // 100 × (1 + 0.5 + 0.9) ms of CPU time on two CPUs, less what is measured of them to 3 %.
      #expect(seconds >= 0.117)
      #expect(seconds < (plan.strategy == .pipeline ? 0.14 : 0.2))
    }
  }

  /// 100 connections, opened in 40 µs each, whose replies take 70. Requests are sent half as far apart as connections are opened, and
  /// so far apart replies are taken in as they come: after 2 ms or more 99 × 20 µs cost nothing, after 1 ms as much as is waited.
  @Test(
    "Replies are taken in as they come where their connections were opened one after the other, as far as they wait",
    arguments: [(0.0, 11e-3), (1e-3, 11e-3), (2e-3, 11.02e-3), (20e-3, 29.02e-3), (1, 1.00902)])
  func opening(latency: Double, seconds: Double) throws {
    var profile = SampleProfile.make(cpus: 2, speedups: [1: 1, 2: 2])
    profile.fixedCosts = [SampleProfile.cost(.httpConnect, 40e-6), SampleProfile.cost(.httpOpen, 40e-6)]
    profile.variableCosts.http = [1, 100].map { Self.point($0, 1024, 1 / 70e-6, client: 1) }
    let job = latency > 0 ? "io:100x1KiB,latency=\(latency * 1e3)ms" : "io:100x1KiB"
    let predicted = try CostModel(profile: profile).predict(Job(job), plan: Plan(strategy: .async, workers: 100))
    #expect(agree(predicted.seconds.p50, seconds, within: 0.015))
  }
}
