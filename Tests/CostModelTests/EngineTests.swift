import AdvisorCore
import AdvisorTestSupport
import Documents
import FoundationEssentials
import Glibc
import Testing

@testable import CostModel

/// The course's own cluster run: four monthly downloads with their processing took 266 s on 8 cloud workers, 87 s in a loop.
@Suite struct EngineTests {
  static func course() throws -> MachineProfile {
    try JSONDocument.read(MachineProfile.self, from: "\(Repository.root)/profiles/course-dask-cluster.json")
  }

  static let job = "io:4x100MiB+cpu:4x1.75s"

  func advice(_ job: String, _ change: (inout EngineCosts) -> Void = { _ in }) throws -> Recommendation {
    var profile = try Self.course()
    change(&profile.engines[0])
    return try CostModel(profile: profile).recommend(Job(job), goal: Goal(usesEngines: true))
  }

  func engine(of advice: Recommendation) throws -> Candidate {
    try #require(([advice.recommended] + advice.alternatives).first { $0.engine == "dask" })
  }

  @Test("The course should have stayed on one machine")
  func theCourseShouldHaveStayedOnOneMachine() throws {
    let advice = try advice(Self.job)
    #expect(advice.recommended.engine == nil)
    // The loop took 87 s; the best of this machine shares one link.
    #expect(advice.recommended.predicted.seconds.p50 < 87.5)
    let cluster = try engine(of: advice).predicted
    #expect((cluster.seconds.p5...cluster.seconds.p95).contains(266))
    #expect(abs(cluster.seconds.p50 - 266) < 0.1 * 266)
    let parts = Dictionary(uniqueKeysWithValues: cluster.breakdown.map { ($0.name, $0.seconds) })
    let (shipping, transfer) = (try #require(parts["worker to worker"]), try #require(parts["transfer"]))
    #expect(shipping > 100 && transfer > 100)
    let (start, dispatch) = (try #require(parts["start"]), try #require(parts["dispatch"]))
    #expect(abs(start - 11.9) < 1 && abs(dispatch - 8 * 0.42) < 0.5)
    guard case .engine(let plan, let seconds, let localSeconds, tasks: 4, let longest) = advice.reasons.first else {
      Issue.record("\(advice.reasons)")
      return
    }
    #expect(plan.engine == "dask" && plan.workers == 8)
    #expect(seconds == cluster.seconds.p50 && localSeconds == advice.recommended.predicted.seconds.p50)
    #expect(longest.first?.seconds == longest.map(\.seconds).max() && Set(longest.map(\.name)).isSubset(of: parts.keys))
  }

  @Test("A scheduler's costs are found by its address, and a run hands over as many tasks at a time as advised")
  func plansOfAScheduler() throws {
    var profile = try Self.course()
    profile.engines[0].address = "tcp://10.0.0.1:8786"
    let model = try CostModel(profile: profile)
    let job = try Job("cpu:20000x10ms")
    let name = EngineCosts.name("dask", at: "tcp://10.0.0.1:8786")
    let advised = try model.recommend(job, goal: Goal(usesEngines: true))
    let candidate = try #require(([advised.recommended] + advised.alternatives).first { $0.engine == name })
    let plan = Plan(strategy: .processes, workers: candidate.workers, engine: name)
    #expect(try model.chunk(job, plan: plan) == candidate.chunk)
    // A call costs 0.42 s and more to hand over, forty times what a task takes.
    #expect(candidate.chunk > 40)
    #expect(throws: AdvisorError.self) {
      try model.predict(job, plan: Plan(strategy: .processes, workers: 8, engine: "dask"))
    }
  }

  /// What start-up and submissions alone would have said: 11.9 s, 87 s over 4, and 0.42 s a submission.
  @Test("Start-up alone does not explain it")
  func startUpAloneDoesNotExplainIt() throws {
    let bestSource = Estimate(value: 104_857_600 / 20.0, low: 5e6, high: 5.5e6, samples: 9, unit: .bytesPerSecond)
    let advice = try advice(Self.job) { engine in
      engine.shipsBodies = false
      engine.sourceBytesPerSecond = bestSource
    }
    let seconds = try engine(of: advice).predicted.seconds.p50
    #expect(abs(seconds - (11.9 + 87.0 / 4 + 4 * 0.42)) < 2)
  }

  @Test("From what size on the cluster would have paid is said")
  func saysFromWhatSizeOnTheClusterWouldHavePaid() throws {
    let found = try advice(Self.job).reasons.compactMap { reason -> Double? in
      guard case .engineBreakEven("dask", tasks: nil, let work?, _) = reason else { return nil }
      return work
    }
    // Between a minute and ten, as below.
    #expect(found.count == 1 && found.allSatisfy((60...600).contains))
    // And there it does: with 10 minutes of computing in each task, all but the transfers run eight at a time.
    let large = try advice("io:4x100MiB+cpu:4x600s")
    #expect(large.recommended.engine == "dask")
    #expect(try advice("io:4x100MiB+cpu:4x60s").recommended.engine == nil)
  }

  /// A cluster pays only if W > (S + n o) / (1/p − 1/k), for p slots here and k there.
  @Test("Computing alone pays from the known break-even")
  func computingAlonePaysFromTheKnownBreakEven() throws {
    let change: (inout EngineCosts) -> Void = {
      $0.submissionSeconds = Estimate(value: 0.01, low: 0.009, high: 0.011, samples: 9, unit: .seconds)
    }
    // 100 tasks of t: 11.9 s + 1 s against 100 t (1/1.95 − 1/8) s: equal at t = 0.33 s.
    #expect(try advice("cpu:100x200ms", change).recommended.engine == nil)
    #expect(try advice("cpu:100x600ms", change).recommended.engine == "dask")
  }

  @Test("Nothing is asked of engines unless wanted")
  func nothingIsAskedOfEnginesUnlessWanted() throws {
    let profile = try Self.course()
    let advice = try CostModel(profile: profile).recommend(Job("cpu:100x60s"))
    #expect(([advice.recommended] + advice.alternatives).allSatisfy { $0.engine == nil })
  }

  private static func leavesOut(_ advice: Recommendation, because why: String) -> Bool {
    advice.caveats.contains {
      guard case .engineNotConsidered("dask", let problem) = $0 else { return false }
      return problem.contains(why)
    }
  }

  @Test("What is not known of an engine is said")
  func whatIsNotKnownOfAnEngineIsSaid() throws {
    let without = try advice(Self.job) { $0.sourceBytesPerSecond = nil }
    #expect(Self.leavesOut(without, because: "rate to the data source was not measured"))
    #expect(try Self.leavesOut(advice("disk:8x4MiB"), because: "disks of its workers were not measured"))
  }

  @Test("Profiles from before engines are read")
  func profilesFromBeforeEnginesAreRead() throws {
    let path = "\(Repository.root)/profiles/amd-epyc-vm-2cpu.json"
    #expect(try JSONDocument.read(MachineProfile.self, from: path).engines.isEmpty)
  }
}
