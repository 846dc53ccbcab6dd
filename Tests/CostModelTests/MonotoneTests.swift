import AdvisorCore
import AdvisorTestSupport
import Statistics
import Testing

@testable import CostModel

@Suite("Predicted times are continuous, and monotone where they must be")
struct MonotoneTests {
  private static let strategies: [Strategy] = [.sequential, .threads, .tasks, .processes]

  /// The model of an imagined machine, some of them busy, some under a quota, of speedups that may be poor.
  private static func profile(_ random: inout Xoshiro) -> MachineProfile {
    let cpus = [1, 2, 4, 8][random.index(below: 4)]
    var speedups = [1: 1.0]
    for workers in [2, cpus] where workers > 1 {
      speedups[workers] = max(1, Double(workers) * (0.5 + random.unit() / 2))
    }
    let quota = random.index(below: 4) == 0 ? 0.5 + random.unit() * Double(cpus) : nil
    var profile = SampleProfile.make(cpus: cpus, quota: quota, speedups: speedups)
    if random.index(below: 3) == 0 { profile.presentLoad = PresentLoad(threads: 4 * random.unit()) }
    return profile
  }

  private static func seconds(_ job: String, _ plan: Plan, _ profile: MachineProfile) throws -> Double {
    try CostModel(profile: profile).predict(try Job(job), plan: plan).seconds.p50
  }

  @Test("A little more work in each task takes a little longer, never less", arguments: 0..<60 as Range<UInt64>)
  func work(seed: UInt64) throws {
    var random = Xoshiro(seed: seed)
    let profile = Self.profile(&random)
    let plan = Plan(strategy: Self.strategies[random.index(below: 4)], workers: 1 + random.index(below: 8))
    let (count, micros) = (1 + random.index(below: 200), 100 + random.index(below: 100_000))
    for kind in ["cpu", "wait"] {
      let times = try [1.0, 1.02, 1.04].map { factor in
        try Self.seconds("\(kind):\(count)x\(Int(Double(micros) * factor))us", plan, profile)
      }
      for (less, more) in zip(times, times.dropFirst()) {
        #expect(more >= less * (1 - 1e-9), "\(kind) \(count) \(micros) \(plan)")
        // A quota that is used up costs a period.
        #expect(more <= less * 1.03 + 0.1, "\(kind) \(count) \(micros) \(plan)")
      }
    }
  }

  @Test("More tasks of the same are never faster", arguments: 0..<60 as Range<UInt64>)
  func tasks(seed: UInt64) throws {
    var random = Xoshiro(seed: seed)
    let profile = Self.profile(&random)
    let chunk = [1, 1, 3, 15][random.index(below: 4)]
    let strategy = Self.strategies[random.index(below: 4)]
    let plan = Plan(strategy: strategy, workers: strategy == .sequential ? 1 : 1 + random.index(below: 8), chunk: chunk)
    let count = 1 + random.index(below: 100)
    for kind in ["cpu", "wait"] {
      let times = try (count..<count + 4).map { try Self.seconds("\(kind):\($0)x7ms", plan, profile) }
      for (less, more) in zip(times, times.dropFirst()) {
        // The median of 400 worlds is known to a thousandth.
        #expect(more >= less * 0.998, "\(kind) \(count) \(plan)")
      }
    }
  }

  @Test("One worker is never slower because of what two lose to each other", arguments: [0.6, 0.9, 1.2, 1.97])
  func alone(speedup: Double) throws {
    let plan = Plan(strategy: .threads, workers: 1)
    for job in ["cpu:10x10ms", "wait:10x1ms+cpu:10x10ms"] {
      let poor = try Self.seconds(job, plan, SampleProfile.make(cpus: 2, speedups: [1: 1, 2: speedup]))
      #expect(agree(poor, try Self.seconds(job, plan, SampleProfile.twoCores), within: 1e-9))
    }
  }

  @Test("No time is below the CPU time over the CPUs", arguments: 0..<60 as Range<UInt64>)
  func possible(seed: UInt64) throws {
    var random = Xoshiro(seed: seed)
    let profile = Self.profile(&random)
    let plan = Plan(strategy: Self.strategies[random.index(below: 4)], workers: 1 + random.index(below: 20))
    let job = try Job("cpu:\(1 + random.index(below: 500))x\(1 + random.index(below: 50))ms,cv=0.5")
    let predicted = try CostModel(profile: profile).predict(job, plan: plan)
    #expect(predicted.seconds.p50 >= predicted.cpuSeconds / Double(profile.machine.usable.logicalCPUs) * (1 - 1e-9))
  }

  @Test(
    "Until five runs of its own say otherwise no interval is wider for what was learnt",
    arguments: 0..<40 as Range<UInt64>)
  func learning(seed: UInt64) throws {
    let history = try HistoryBoundTests.history(seed)
    let job = try Job(HistoryBoundTests.jobs[Int(seed) % HistoryBoundTests.jobs.count])
    let plain = try HistoryBoundTests.candidates(job, try CostModel(profile: SampleProfile.twoCores))
    let learnt = try HistoryBoundTests.candidates(job, try CostModel(profile: SampleProfile.twoCores, history: history))
    for (way, candidate) in learnt {
      let own = history.count {
        $0.plan.strategy == candidate.strategy && $0.jobClass == job.discrepancyClass.description
      }
      guard own < Discrepancy.minRuns, let before = plain[way]?.predicted.seconds else { continue }
      let after = candidate.predicted.seconds
      #expect(after.p95 / after.p5 <= before.p95 / before.p5 * (1 + 1e-9), "\(way)")
    }
  }
}
