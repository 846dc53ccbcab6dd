import AdvisorCore
import AdvisorTestSupport
import Statistics
import Glibc
import Testing

@testable import CostModel

@Suite("Past runs never spoil another prediction")
struct HistoryBoundTests {
  static let jobs = [
    "cpu:3x100", "cpu:8x1e6", "cpu:6x400ms", "cpu:200x2ms,cv=1", "mem:16x512MiB", "disk:64x4MiB", "wait:200x50ms",
    "wait:9x1us", "io:100x64KiB,latency=20ms", "io:4x20MiB+cpu:4x2e6", "wait:9x1ms+cpu:9x1ms",
  ]
  static let hostile: [Double] = [0, -1, .nan, .infinity, -.infinity, 1e300, 1e-300]

  /// Runs of random jobs that took anything from a hundredth to a hundred times what was predicted, or what no run takes.
  static func history(_ seed: UInt64) throws -> [HistoryEntry] {
    var random = Xoshiro(seed: seed)
    return try (0..<random.index(below: 120)).map { _ in
      let text = jobs[random.index(below: jobs.count)]
      let seconds =
        random.unit() < 0.2
        ? hostile[random.index(below: hostile.count)] : exp(14 * random.unit() - 12)
      let strategy = Strategy.allCases[random.index(below: Strategy.allCases.count)]
      return try entry(text, strategy, workers: 1 + random.index(below: 6), seconds: seconds)
    }
  }

  static func entry(
    _ text: String, _ strategy: Strategy, workers: Int = 2, seconds: Double, beside threads: Double? = nil,
    minute: Int = 0
  ) throws -> HistoryEntry {
    HistoryEntry(
      at: "2026-01-01T00:\(minute / 10)\(minute % 10):00Z", fingerprint: "sample", job: text,
      jobClass: try Job(text).discrepancyClass.description, plan: Plan(strategy: strategy, workers: workers),
      predicted: nil, unlearntSeconds: 1, spread: 0.1,
      observed: .init(seconds: seconds, cpuSeconds: seconds, tasks: 1, failed: 0, maxRSSBytes: nil),
      otherThreads: threads)
  }

  static func candidates(_ job: Job, _ model: CostModel) throws -> [String: Candidate] {
    let advice = try model.recommend(job)
    return Dictionary(
      uniqueKeysWithValues: ([advice.recommended] + advice.alternatives).map {
        ("\($0.strategy) \($0.stageWorkers ?? [$0.workers])", $0)
      })
  }

  @Test(
    "Runs beside others' threads that took what the model says of that teach nothing of a quiet machine",
    arguments: [1.0, 2, 6])
  func load(threads: Double) throws {
    let (job, plan) = (try Job("cpu:8x1e7"), Plan(strategy: .threads, workers: 2))
    let plain = try CostModel(profile: SampleProfile.twoCores)
    let quiet = try plain.predict(job, plan: plan).seconds.p50
    let crowded = try plain.beside(PresentLoad(threads: threads)).predict(job, plan: plan).seconds.p50
    #expect(crowded > 1.3 * quiet)
    func learnt(_ threads: Double?) throws -> Double {
      let runs = try (0..<20).map {
        try Self.entry(job.text, .threads, seconds: crowded, beside: threads, minute: $0)
      }
      return try CostModel(profile: SampleProfile.twoCores, history: runs).predict(job, plan: plan).seconds.p50
    }
    #expect(agree(try learnt(threads), quiet, within: 0.03))
    #expect(try learnt(nil) > 1.2 * quiet)
  }

  @Test(
    "With any history each prediction stays within the interval that it has without, unless five runs of its class say otherwise",
    arguments: 0..<40 as Range<UInt64>)
  func bounded(seed: UInt64) throws {
    let history = try Self.history(seed)
    let plain = try CostModel(profile: SampleProfile.twoCores)
    let learnt = try CostModel(profile: SampleProfile.twoCores, history: history)
    let job = try Job(Self.jobs[Int(seed) % Self.jobs.count])
    let without = try Self.candidates(job, plain)
    for (way, candidate) in try Self.candidates(job, learnt) {
      let seconds = candidate.predicted.seconds
      #expect(
        seconds.p5 > 0 && seconds.p5 <= seconds.p50 && seconds.p50 <= seconds.p95 && seconds.p95.isFinite,
        "\(way) \(seconds)")
      let own = history.filter {
        $0.plan.strategy == candidate.strategy && $0.jobClass == job.discrepancyClass.description
          && $0.observed.seconds > 0 && $0.observed.seconds.isFinite
      }
      guard own.count < 5, let before = without[way]?.predicted.seconds else { continue }
      #expect(seconds.p5 >= before.p5 * (1 - 1e-9) && seconds.p95 <= before.p95 * (1 + 1e-9))
    }
  }

  @Test("Five runs of microseconds that took sixty times as long do not touch a job of seconds")
  func microseconds() throws {
    let history = try (0..<5).map {
      try Self.entry("cpu:3x100", .sequential, workers: 1, seconds: 41e-6, minute: $0)
    }
    let job = try Job("cpu:6x400ms")
    let plain = try CostModel(profile: SampleProfile.twoCores).recommend(job)
    let learnt = try CostModel(profile: SampleProfile.twoCores, history: history).recommend(job)
    #expect(learnt.recommended == plain.recommended)
  }

  @Test("Twenty runs of a class say what the next takes, within its own interval, though they left the former one")
  func believed() throws {
    let history = try (0..<20).map {
      try Self.entry("cpu:6x400ms", .threads, seconds: 3 + 0.02 * Double($0 % 3), minute: $0)
    }
    let job = try Job("cpu:6x400ms")
    let plan = Plan(strategy: .threads, workers: 2)
    let learnt = try CostModel(profile: SampleProfile.twoCores, history: history).predict(job, plan: plan).seconds
    #expect(learnt.p5 < 3 && learnt.p95 > 3.04 && learnt.p95 / learnt.p5 < 1.5)
  }

  @Test("No past run makes CPU time shorter: 5 s of it on one CPU take 5 s")
  func possible() throws {
    let history = try (0..<20).map { try Self.entry("cpu:100x50ms", .threads, seconds: 3.5, minute: $0) }
    let profile = SampleProfile.make(cpus: 2, quota: 1, speedups: [1: 1, 2: 1])
    let model = try CostModel(profile: profile, history: history)
    for (_, candidate) in try Self.candidates(try Job("cpu:100x50ms"), model) {
      #expect(candidate.predicted.seconds.p50 >= 4.9)
    }
  }

  @Test("A run of microseconds has the fixed cost of a cold start")
  func coldStart() throws {
    var profile = SampleProfile.twoCores
    profile.fixedCosts.append(SampleProfile.cost(.pageFault, 1.67e-6))
    let predicted = try CostModel(profile: profile).predict(
      try Job("cpu:3x100"), plan: Plan(strategy: .sequential, workers: 1)
    ).seconds
    // Five runs on a machine with such page faults took 34.2 to 46.7 µs.
    #expect(predicted.p5 < 34.2e-6 && predicted.p95 > 46.7e-6)
  }
}
