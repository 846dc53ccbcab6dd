import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("Equal tasks that wait and then compute")
struct LockstepTests {
  /// Medians of five runs and more of 16 tasks on two quiet CPUs, each 20 ms of waiting and 3 ms of computing.
  @Test(
    "As measured on two CPUs, within a tenth",
    arguments: [(2, 185.73e-3), (4, 101.6e-3), (6, 77.31e-3), (8, 58.24e-3), (10, 56.44e-3), (16, 46.01e-3)])
  func measured(workers: Int, seconds: Double) {
    let lockstep = Lockstep(wait: 20e-3, service: 3e-3, servers: 2)
    #expect(agree(lockstep.makespan(tasks: 16, workers: workers), seconds, within: 0.1))
  }

  @Test("By hand, all at once: the wait, and then the work of all", arguments: [1, 2, 7, 16])
  func oneWave(servers: Int) {
    let lockstep = Lockstep(wait: 5, service: 1, servers: servers)
    let waves = (16 + servers - 1) / servers
    // In turn they end in whole waves, in shares all at once.
    #expect(lockstep.makespan(tasks: 16, workers: 16) == 5 + (Double(waves) + 16 / Double(servers)) / 2)
  }

  @Test("Many waves: the middle of a cycle without queueing and of one in step")
  func manyWaves() {
    // Four workers, one CPU: a cycle of 10 + 1 in turn, of 10 + 4 in step.
    let many = Lockstep(wait: 10, service: 1, servers: 1).makespan(tasks: 4_000_000, workers: 4)
    #expect(agree(many, 1e6 * (11 + 14) / 2, within: 1e-5))
  }

  @Test("No strategy ends before the first task has waited and the CPUs have done the work of all")
  func bound() throws {
    let job = try Job("wait:16x20ms+cpu:16x3ms")
    let model = try CostModel(profile: SampleProfile.twoCores)
    for strategy in [Strategy.threads, .tasks, .processes, .pipeline] {
      let predicted = try model.predict(job, plan: Plan(strategy: strategy, workers: 18))
      #expect(predicted.seconds.p50 >= 20e-3 + 16 * 3e-3 / 2)
      #expect(agree(predicted.breakdown.reduce(0) { $0 + $1.seconds }, predicted.seconds.p50, within: 1e-6))
    }
  }
}
