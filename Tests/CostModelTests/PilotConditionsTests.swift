import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("Commands whose costs a run's first tasks have told")
struct PilotConditionsTests {
  /// 60 × `gzip` on 2 CPUs, where two at once do the work of 1.27: each then takes 2 / 1.27 of its CPU time alone.
  private static func model(_ conditions: PilotConditions, cpus: Int = 2, spawn: Double = 500e-6) throws -> CostModel {
    var profile = SampleProfile.make(cpus: cpus, speedups: [1: 1, 2: 1.27])
    for index in profile.fixedCosts.indices where profile.fixedCosts[index].name == .processSpawn {
      profile.fixedCosts[index] = SampleProfile.cost(.processSpawn, spawn)
    }
    return try CostModel(profile: profile).measured(in: conditions)
  }

  private static func job(_ cpuSeconds: Double, tasks: Int = 60) -> Job {
    Job(text: "gzip", stages: [Stage(kind: .command, count: tasks, size: .seconds(cpuSeconds))])
  }

  private static func plan(_ workers: Int) -> Plan { Plan(strategy: .processes, workers: workers) }

  @Test("What tasks lost to each other is in their CPU time, and not taken off again", arguments: [1, 2])
  func onceOnly(workers: Int) throws {
    let seen = try Self.model(PilotConditions(concurrency: workers)).predict(Self.job(0.03), plan: Self.plan(workers))
    // 60 tasks of 30 ms of CPU time each, as many at once as before.
    #expect(agree(seen.cpuSeconds, 1.8, within: 1e-9))
    #expect(agree(seen.seconds.p50, 1.8 / Double(workers), within: 0.02))
  }

  @Test("Alone they take less than beside each other, and beside each other more than alone")
  func otherNumbersOfWorkers() throws {
    let beside = try Self.model(PilotConditions(concurrency: 2)).predict(Self.job(0.03), plan: Self.plan(1))
    #expect(agree(beside.cpuSeconds, 1.8 * 1.27 / 2, within: 1e-9))
    let alone = try Self.model(PilotConditions(concurrency: 1)).predict(Self.job(0.03), plan: Self.plan(2))
    #expect(agree(alone.cpuSeconds, 1.8 * 2 / 1.27, within: 1e-9))
  }

  @Test("More at once than there are CPUs take turns, and lose no more", arguments: [2, 8, 64])
  func takingTurns(concurrency: Int) throws {
    let seen = try Self.model(PilotConditions(concurrency: concurrency)).predict(Self.job(0.03), plan: Self.plan(8))
    #expect(agree(seen.cpuSeconds, 1.8, within: 1e-9))
  }

  @Test("The start of programs is a part of its own, within the CPU time of their tasks", arguments: [500e-6, 0.2])
  func spawnIsCountedOnce(spawn: Double) throws {
    let model = try Self.model(PilotConditions(), spawn: spawn)
    let seen = try model.predict(Self.job(1.6e-3, tasks: 2000), plan: Self.plan(1))
    // wait4 has recorded 1.6 ms of each of 2,000, their start among it.
    #expect(agree(seen.cpuSeconds, 3.2, within: 1e-9))
    #expect(agree(seen.seconds.p50, 3.2, within: 0.02))
    let part = try #require(seen.breakdown.first { $0.name == "spawn" })
    #expect(agree(part.seconds, min(spawn, 1.6e-3) * 2000, within: 0.02))
  }

  @Test("How sure the start of programs is, is what its calibration says")
  func spawnHasItsOwnInterval() throws {
    func width(low: Double, high: Double) throws -> Double {
      var profile = SampleProfile.twoCores
      for index in profile.fixedCosts.indices where profile.fixedCosts[index].name == .processSpawn {
        profile.fixedCosts[index].typical = Estimate(value: 1e-3, low: low, high: high, samples: 40, unit: .seconds)
      }
      let seen = try CostModel(profile: profile).predict(Self.job(1.1e-3, tasks: 2000), plan: Self.plan(1))
      return seen.seconds.p95 / seen.seconds.p5
    }
    #expect(try width(low: 0.4e-3, high: 2.5e-3) > 1.5 * width(low: 0.99e-3, high: 1.01e-3))
  }

  @Test("Beside downloads, too, the start of programs is a part of its own")
  func spawnInAPipeline() throws {
    let stages = [
      Stage(kind: .wait, count: 2000, size: .seconds(1e-3)), Stage(kind: .command, count: 2000, size: .seconds(1.6e-3)),
    ]
    let seen = try Self.model(PilotConditions()).predict(
      Job(text: "downloads", stages: stages), plan: Plan(strategy: .pipeline, workers: 5, stageWorkers: [4, 1]))
    #expect(agree(seen.cpuSeconds, 3.2, within: 0.02))
    let part = try #require(seen.breakdown.first { $0.name == "spawn" })
    #expect(agree(part.seconds, 1, within: 0.02))
  }

  @Test("Who starts the programs computes beside them, and no faster than one thread can")
  func dispatching() throws {
    let conditions = PilotConditions(concurrency: 1, dispatchSeconds: 1e-3)
    let few = try Self.model(conditions).predict(Self.job(1e-3, tasks: 1000), plan: Self.plan(1))
    #expect(agree(few.seconds.p50, 2, within: 0.02) && agree(few.cpuSeconds, 1, within: 1e-9))
    let many = try CostModel(profile: SampleProfile.make(cpus: 16, speedups: [16: 16])).measured(in: conditions)
      .predict(Self.job(1e-3, tasks: 1000), plan: Self.plan(16))
    #expect(many.seconds.p50 >= 0.98)
  }

  @Test("A profile that lacks the start of a program still predicts commands")
  func withoutSpawn() throws {
    var profile = SampleProfile.twoCores
    profile.fixedCosts.removeAll { $0.name == .processSpawn }
    let seen = try CostModel(profile: profile).predict(Self.job(0.03), plan: Self.plan(1))
    #expect(agree(seen.seconds.p50, 1.8, within: 0.02) && !seen.breakdown.contains { $0.name == "spawn" })
  }
}
