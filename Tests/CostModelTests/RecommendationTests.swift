import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("Recommendations")
struct RecommendationTests {
  static func recommend(
    _ job: String, _ goal: Goal = Goal(), on profile: MachineProfile = SampleProfile.twoCores
  ) throws -> Recommendation {
    try CostModel(profile: profile).recommend(try Job(job), goal: goal)
  }

  @Test(
    "What a good engineer would choose",
    // Job, strategies that are right, fewest and most workers.
    arguments: [
      ("cpu:8x300ms", [Strategy.threads, .tasks], 2, 2),
      ("cpu:1x300ms", [.sequential], 1, 1),
      ("cpu:8x100ns", [.sequential], 1, 1),
      ("cpu:16x320ms", [.threads, .tasks], 2, 2),
      ("wait:200x50ms", [.async], 200, 200),
      ("wait:3x50ms", [.async, .threads], 3, 3),
      ("mem:16x512MiB", [.threads, .tasks], 2, 2),
      ("disk:640x4KiB", [.threads], 28, 64),
      ("io:1000x1KiB,latency=50ms", [.async], 60, 1000),
      ("io:1000x1KiB", [.async, .threads], 7, 16),
    ])
  func choice(job: String, strategies: [Strategy], fewest: Int, most: Int) throws {
    let chosen = try Self.recommend(job).recommended
    #expect(strategies.contains(chosen.strategy))
    #expect((fewest...most).contains(chosen.workers))
  }

  @Test(
    "A Swift function is mapped by pinned threads, as many as pay, or by none",
    arguments: [
      ("cpu:8x300ms", Plan(strategy: .threads, workers: 2, cpus: [0, 1])),
      ("cpu:8x100ns", Plan(strategy: .sequential, workers: 1)),
      ("cpu:1x300ms", Plan(strategy: .sequential, workers: 1)),
    ])
  func mapping(job: String, plan: Plan) throws {
    var made = try CostModel(profile: SampleProfile.twoCores).mapPlan(for: try Job(job))
    made.chunk = 1
    #expect(made == plan)
  }

  @Test("A function that waits gets more threads than there are CPUs")
  func mappingWaits() throws {
    let plan = try CostModel(profile: SampleProfile.twoCores).mapPlan(for: try Job("wait:40x50ms"))
    #expect(plan.strategy == .threads && plan.workers >= 20)
  }

  @Test(
    "Waiting in processes, as a pool of them does, takes as many rounds as in threads and a process's start more",
    arguments: ["wait:40x50ms", "io:40x1KiB,latency=50ms"])
  func waitingProcesses(job: String) throws {
    let model = try CostModel(profile: SampleProfile.twoCores)
    let processes = try model.best(for: try Job(job), strategy: .processes, workers: 4).predicted
    let threads = try model.best(for: try Job(job), strategy: .threads, workers: 4).predicted
    // Ten rounds of 50 ms.
    #expect(threads.seconds.p50 >= 0.5 && processes.seconds.p50 < 0.6)
    #expect(processes.fixedSeconds > threads.fixedSeconds)
    #expect(processes.memoryBytes > threads.memoryBytes)
  }

  /// 60 waits of 10 ms in n threads take 60/n rounds; a stage of 12 ms on two CPUs is no slower with two workers than with fifteen.
  @Test("Workers of a pipeline that nobody listed go to the stage that waits", arguments: [(30, 28), (25, 23)])
  func unlistedPipelines(workers: Int, waiting: Int) throws {
    let model = try CostModel(profile: SampleProfile.twoCores)
    let job = try Job("wait:60x10ms+cpu:60x200us")
    let advice = try model.recommend(job)
    try #require(!advice.alternatives.contains { $0.strategy == .pipeline && $0.workers == workers })
    let stages = try #require(try model.best(for: job, strategy: .pipeline, workers: workers).stageWorkers)
    #expect(stages.reduce(0, +) == workers)
    #expect(stages[0] >= waiting)
  }

  @Test("A pipeline whose stages both compute shares its workers out evenly")
  func unlistedPipelinesThatCompute() throws {
    let best = try CostModel(profile: SampleProfile.twoCores)
      .best(for: Job("cpu:60x1ms+cpu:60x1ms"), strategy: .pipeline, workers: 12)
    let plan = Plan(strategy: best.strategy, workers: best.workers, stageWorkers: best.stageWorkers)
    #expect(plan.stageWorkers(stages: 2) == [6, 6])
  }

  @Test("A job that mostly waits gets about a third more under way than Little's law says")
  func mixed() throws {
    let stage = Stage(kind: .command, count: 100, size: .seconds(0.02), latencySeconds: 0.08)
    let chosen = try CostModel(profile: SampleProfile.twoCores).recommend(Job(text: "command", stages: [stage]))
      .recommended
    #expect(chosen.strategy == .processes)
    // 2 CPUs · (1 + 80/20) = 10; measured on two CPUs: 10 took 1.48 s and 16 to 100 took 1.27 s.
    #expect((12...100).contains(chosen.workers))
    #expect((1.0...1.5).contains(chosen.predicted.seconds.p50))
  }

  @Test("Downloading and computing overlap: by a pipeline, or by more workers than CPUs")
  func joined() throws {
    let recommendation = try Self.recommend("io:64x64KiB,latency=50ms+cpu:64x2e6")
    #expect(recommendation.recommended.workers > 2)
    let pipelines = recommendation.alternatives.filter { $0.strategy == .pipeline }
    #expect(!pipelines.isEmpty || recommendation.recommended.strategy == .pipeline)
    #expect(pipelines.allSatisfy { $0.stageWorkers?.count == 2 && $0.stageWorkers?.reduce(0, +) == $0.workers })
  }

  @Test("A thousand million tasks get the answer of a thousand")
  func scale() throws {
    let few = try Self.recommend("cpu:1000x1e6,cv=1").recommended
    let many = try Self.recommend("cpu:1e9x1e6,cv=1").recommended
    #expect(few.strategy == many.strategy)
    #expect(few.workers == many.workers)
    // The thousand are drawn: their sum varies by three parts in a hundred.
    #expect(agree(many.predicted.seconds.p50 / few.predicted.seconds.p50, 1e6, within: 0.1))
  }

  @Test("The sizes of built-in work are known: the longest of few tasks bounds the time, whatever the workers")
  func knownSizes() throws {
    let sizes = (0..<8).map { Stage.relativeSize(ofTask: $0, logVariance: Stage.logVariance(spread: 2)) }
    let longest = try #require(sizes.max())
    let job = try Job("wait:8x100ms,cv=2")
    let predicted = try CostModel(profile: SampleProfile.twoCores).predict(
      job, plan: Plan(strategy: .async, workers: 8))
    #expect(agree(predicted.seconds.p50, 0.1 * longest, within: 0.02))
    let sequential = try CostModel(profile: SampleProfile.twoCores).predict(
      job, plan: Plan(strategy: .sequential, workers: 1))
    #expect(agree(sequential.seconds.p50, 0.1 * sizes.reduce(0, +), within: 0.02))
  }

  @Test("The same question gets the same answer, to the bit")
  func repeatable() throws {
    #expect(try Self.recommend("wait:100x50ms,cv=1") == Self.recommend("wait:100x50ms,cv=1"))
  }

  @Test("More workers than a CPU quota of one carries are not recommended")
  func quota() throws {
    let chosen = try Self.recommend("cpu:64x300ms", on: SampleProfile.make(cpus: 8, quota: 1.5)).recommended
    #expect(chosen.workers <= 2)
    // 19.2 s of CPU time at 1.5 CPUs.
    #expect(agree(chosen.predicted.seconds.p50, 12.8, within: 0.05))
  }

  @Test("Half the CPU time of hyperthreads does not come twice: four threads of two cores yield what was measured")
  func hyperthreads() throws {
    var profile = SampleProfile.make(cpus: 4, speedups: [1: 1, 2: 2, 4: 2.6])
    for cpu in profile.machine.topology.indices { profile.machine.topology[cpu].core = cpu % 2 }
    let model = try CostModel(profile: profile)
    let four = try model.predict(try Job("cpu:40x100ms"), plan: Plan(strategy: .threads, workers: 4))
    #expect(agree(four.seconds.p50, 4 / 2.6, within: 0.03))
  }
}

@Suite("Goals and limits")
struct GoalTests {
  @Test("Each objective is the least of all candidates, up to what counts as equal", arguments: Goal.Objective.allCases)
  func objective(_ objective: Goal.Objective) throws {
    let recommendation = try RecommendationTests.recommend("cpu:64x10ms,cv=0.5", Goal(objective: objective))
    let all = [recommendation.recommended] + recommendation.alternatives
    func value(_ candidate: Candidate) -> Double {
      switch objective {
      case .time: candidate.predicted.seconds.p50
      case .p90: candidate.predicted.seconds.p95
      case .cpu: candidate.predicted.cpuSeconds
      case .memory: candidate.predicted.memoryBytes
      }
    }
    let least = try #require(all.map(value).min())
    #expect(value(recommendation.recommended) <= least * 1.05)
  }

  @Test("A deadline takes the cheapest candidate that meets it")
  func deadline() throws {
    let goal = Goal(objective: .memory, deadlineSeconds: 2)
    let chosen = try RecommendationTests.recommend("cpu:8x300ms", goal).recommended
    #expect(chosen.workers > 1)
    #expect(chosen.predicted.seconds.p95 <= 2)
  }

  @Test("A deadline that is likely but not sure to be met is warned of")
  func tightDeadline() throws {
    let recommendation = try RecommendationTests.recommend("cpu:8x300ms", Goal(deadlineSeconds: 1.25))
    #expect(recommendation.caveats.contains(.deadlineAtRisk(seconds: 1.25)))
  }

  @Test("Advice says which limits it does not know; imagined ones are known")
  func unknownLimits() throws {
    var profile = SampleProfile.twoCores
    profile.machine.limits.unknown = [.init(.memoryBytes, .unreadable, "/cg/a/memory.max")]
    let job = try Job("cpu:8x1e6")
    let caveat = Caveat.unreadableLimits(
      limits: [.memoryBytes], mayBeLower: false, cause: .unreadable, file: "/cg/a/memory.max")
    let known = try CostModel(profile: SampleProfile.twoCores).recommend(job)
    #expect(try CostModel(profile: profile).recommend(job).caveats == [caveat] + known.caveats)
    #expect(known.caveats == [.provisionalIntervals(occasions: 0, minOccasions: 19)])
    let imagined = try profile.whatIf(WhatIf("memory=8GiB"))
    #expect(try !CostModel(profile: imagined).recommend(job).caveats.contains(caveat))
  }

  @Test(
    "Limits that nothing meets are explained",
    arguments: [
      ("cpu:8x300ms", Named("half a second", Goal(deadlineSeconds: 0.5)), "nothing meets the deadline of 500 ms"),
      ("cpu:8x300ms,memory=2GiB", Named("1 GiB", Goal(memoryLimitBytes: 0x1p30)), "one task needs 2.01 GiB"),
      ("cpu:8x300ms", Named("no worker", Goal(maxWorkers: 0)), "no job runs with 0 workers"),
      (
        "cpu:8x300ms", Named("a deadline before the start", Goal(deadlineSeconds: -1)),
        "a deadline of -1.0 s is over already"
      ),
      ("cpu:8x300ms", Named("a deadline of no number", Goal(deadlineSeconds: .nan)), "is over already"),
      ("cpu:8x300ms", Named("no memory", Goal(memoryLimitBytes: 0)), "nothing runs in 0.0 bytes"),
    ])
  func contradictions(job: String, goal: Named<Goal>, problem: String) throws {
    let error = try #require(throws: AdvisorError.self) { try RecommendationTests.recommend(job, goal.value) }
    #expect(error.problem.contains(problem))
    #expect(!error.advice.isEmpty)
  }

  @Test("Memory caps the workers, and is then what binds")
  func memory() throws {
    let profile = SampleProfile.make(cpus: 8, memoryBytes: 4 << 30, speedups: [1: 1, 8: 7.8])
    let chosen = try RecommendationTests.recommend("cpu:8x300ms,memory=1.5GiB", on: profile).recommended
    #expect(chosen.workers == 2)
    #expect(chosen.bindingLimit == .memory)
    #expect(chosen.predicted.memoryBytes <= 0.9 * 0x1p32)
  }

  @Test("The most workers that the user allows are never passed", arguments: [1, 3])
  func maxWorkers(most: Int) throws {
    let recommendation = try RecommendationTests.recommend(
      "io:64x64KiB,latency=50ms+cpu:64x2e6", Goal(maxWorkers: most))
    let all = [recommendation.recommended] + recommendation.alternatives
    #expect(all.allSatisfy { $0.workers <= most })
  }
}
