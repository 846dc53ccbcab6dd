import AdvisorCore
import AdvisorTestSupport
import Glibc
import Statistics
import Testing

@testable import CostModel

@Suite("Learning how much worse a kind of runs scales than predicted")
struct ScalingResidualTests {
  private static let a = JobClass(kind: "a", size: "1")
  private static let b = JobClass(kind: "b", size: "1")

  /// Runs that take what was predicted times 1.1 (1 + α(w−1) + βw(w−1)), several with each number of workers.
  private static func runs(
    _ workers: [Int], alpha: Double, beta: Double = 0, jobClass: JobClass = a
  ) -> [Discrepancy.Observation] {
    (0..<6).flatMap { _ in
      workers.map { workers in
        let w = Double(workers)
        let ratio = 1.1 * (1 + alpha * (w - 1) + beta * w * (w - 1))
        return .init(
          strategy: .threads, workers: workers, jobClass: jobClass, predictedSeconds: 1, observedSeconds: ratio)
      }
    }
  }

  @Test(
    "Four numbers of workers show the law that they follow",
    arguments: [(0.1, 0.0), (0.0, 0.01), (0.05, 0.004), (0.0, 0.0)])
  func learnt(alpha: Double, beta: Double) {
    let learnt = Discrepancy(Self.runs([1, 2, 4, 8], alpha: alpha, beta: beta))
    let spread = Spread(p5: exp(-0.4), median: 1, p95: exp(0.4))
    func factor(_ workers: Int) -> Double {
      exp(learnt.correction(of: spread, .threads, workers: workers, Self.a).shift)
    }
    for workers in [1, 2, 4, 8] {
      let w = Double(workers)
      #expect(agree(factor(workers), 1.1 * (1 + alpha * (w - 1) + beta * w * (w - 1)), within: 0.12))
    }
  }

  @Test("Three do not, nor does another class of jobs or strategy learn from them")
  func fewOrForeign() {
    let few = Discrepancy(Self.runs([1, 2, 4], alpha: 0.2))
    #expect(few.logFactor(strategy: .threads, jobClass: Self.a, workers: 4) == 0)
    let enough = Discrepancy(Self.runs([1, 2, 4, 8], alpha: 0.2))
    #expect(enough.logFactor(strategy: .threads, jobClass: Self.a, workers: 8) > 0.2)
    #expect(enough.logFactor(strategy: .threads, jobClass: Self.b, workers: 8) == 0)
    #expect(enough.logFactor(strategy: .processes, jobClass: Self.a, workers: 8) == 0)
  }

  @Test("Beyond the numbers seen the curve stays where it was")
  func noExtrapolation() {
    let learnt = Discrepancy(Self.runs([1, 2, 4, 8], alpha: 0.1))
    let most = learnt.logFactor(strategy: .threads, jobClass: Self.a, workers: 8)
    #expect(learnt.logFactor(strategy: .threads, jobClass: Self.a, workers: 64) == most)
  }

  @Test("Work that scales badly is given fewer workers once that is known")
  func advice() throws {
    let profile = SampleProfile.make(cpus: 16, speedups: [1: 1, 4: 4, 16: 16])
    let job = try Job("cpu:64x1e8")
    #expect(try CostModel(profile: profile).recommend(job).recommended.workers == 16)
    // 16 workers take 1 + 0.04·240 = 10.6 times what was predicted, 4 take 1.48 times.
    let strategies: [Strategy] = [.threads, .tasks, .processes]
    let runs = strategies.flatMap { strategy in
      Self.runs([1, 2, 4, 8, 16], alpha: 0, beta: 0.04, jobClass: job.discrepancyClass).map {
        Discrepancy.Observation(
          strategy: strategy, workers: $0.workers, jobClass: $0.jobClass, predictedSeconds: 1,
          observedSeconds: $0.observedSeconds)
      }
    }
    let taught = try CostModel(profile: profile, discrepancy: Discrepancy(runs)).recommend(job)
    #expect((3...6).contains(taught.recommended.workers))
  }
}

@Suite("Other processes' share of the machine")
struct BackgroundLoadTests {
  private static func profile(busy: Double, speedups: [Int: Double] = [:]) -> MachineProfile {
    var profile = SampleProfile.make(cpus: 8, speedups: speedups)
    profile.noise.otherBusyShare = busy
    return profile
  }

  private static let speedups = [1: 1.0, 2: 2, 4: 4, 8: 8]

  @Test(
    "What they leave bounds the speedup", arguments: [(0.0, 8, 8.0), (0.25, 8, 6.0), (0.25, 4, 4.0), (0.5, 8, 4.0)])
  func bound(busy: Double, workers: Int, speedup: Double) throws {
    let capacity = try CostBook(Self.profile(busy: busy, speedups: Self.speedups)).capacity(for: .word)
    #expect(agree(capacity.speedup(workers), speedup, within: 1e-9))
  }

  @Test("A speedup that was measured beside them is not lessened twice")
  func once() throws {
    let measured = [1: 1.0, 2: 2, 4: 4, 8: 5]
    let capacity = try CostBook(Self.profile(busy: 0.25, speedups: measured)).capacity(for: .word)
    #expect(agree(capacity.speedup(8), 5, within: 1e-9))
  }

  @Test("They take time, and no CPU time from a job")
  func cpuTime() throws {
    let plan = Plan(strategy: .threads, workers: 8)
    let job = try Job("cpu:64x1e8")
    let quiet = try CostModel(profile: Self.profile(busy: 0, speedups: Self.speedups)).predict(job, plan: plan)
    let busy = try CostModel(profile: Self.profile(busy: 0.5, speedups: Self.speedups)).predict(job, plan: plan)
    #expect(agree(busy.cpuSeconds, quiet.cpuSeconds, within: 1e-9))
    #expect(agree(busy.seconds.p50, 2 * quiet.seconds.p50, within: 0.05))
  }

  @Test("They widen the interval, and are named")
  func interval() throws {
    let job = try Job("cpu:64x1e8")
    let quiet = try CostModel(profile: Self.profile(busy: 0, speedups: Self.speedups)).recommend(job)
    let busy = try CostModel(profile: Self.profile(busy: 0.4, speedups: Self.speedups)).recommend(job)
    func width(_ advice: Recommendation) -> Double {
      advice.recommended.predicted.seconds.p95 / advice.recommended.predicted.seconds.p5
    }
    #expect(width(busy) > 1.3 * width(quiet))
    let unlearnt = Caveat.provisionalIntervals(occasions: 0, minOccasions: 19)
    #expect(quiet.caveats == [unlearnt])
    #expect(busy.caveats == [.otherLoad(share: 0.4), unlearnt])
  }
}

@Suite("Tasks that do not fit")
struct SplitTests {
  private func advice(_ job: String, limit: Double) throws -> String {
    let model = try CostModel(profile: SampleProfile.twoCores)
    let error = #expect(throws: AdvisorError.self) {
      try model.recommend(Job(job), goal: Goal(memoryLimitBytes: limit))
    }
    return try #require(error).advice
  }

  @Test("The advice is a job that fits and does the same work")
  func split() throws {
    let advice = try advice("cpu:2x3e8,memory=3GiB", limit: 0x1p30)
    let text = try #require(advice.split(separator: " ").drop { $0 != "--job" }.dropFirst().first)
    let job = try Job(text.trimmingSuffix(","))
    let stage = job.stages[0]
    #expect(stage.count % 2 == 0 && stage.count > 6)
    #expect(stage.size == .units((6e8 / Double(stage.count)).rounded(.up)))
    _ = try CostModel(profile: SampleProfile.twoCores).recommend(job, goal: Goal(memoryLimitBytes: 0x1p30))
  }

  @Test("No advice to split what cannot be split, or where no split helps")
  func unsplittable() throws {
    let stage = Stage(kind: .command, count: 2, size: .seconds(1), memoryBytes: 0x1.8p31)
    #expect(Job(text: "gzip", stages: [stage]).split(into: 3) == nil)
    #expect(try !advice("cpu:2x3e8,memory=3GiB", limit: 1000).contains("--job"))
  }
}

extension Substring {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : String(self)
  }
}
