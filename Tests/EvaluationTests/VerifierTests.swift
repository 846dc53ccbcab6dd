import AdvisorCore
import AdvisorTestSupport
import CostModel
import Statistics
import Testing

@testable import Evaluation

@Suite("Verifying advice") struct VerifierTests {
  /// A machine of two CPUs on which threads cost 50 µs and a work unit 2.5 ns.
  static let profile: MachineProfile = {
    let seconds: [(FixedCost.Name, Double)] = [
      (.threadStart, 5e-5), (.taskHop, 1e-6), (.workerSpawn, 3e-3), (.pipeRoundTrip, 2e-5), (.timerLateness, 6e-5),
      (.queueHandOff, 2e-6), (.processSpawn, 5e-4),
    ]
    return SampleProfile.make(
      SampleProfile.machine(cpus: 2), seconds.map { SampleProfile.cost($0.0, $0.1) },
      VariableCosts(
        kernels: [
          KernelCost(kernel: .word, mix: .integer, secondsPerUnit: SampleProfile.estimate(2.5e-9, .secondsPerUnit))
        ],
        speedups: [1, 2].map {
          SpeedupPoint(kernel: .word, workers: $0, speedup: SampleProfile.estimate(Double($0), .ratio))
        }))
  }()

  /// Verifies on a simulated machine in which a run takes what `seconds` says.
  private func verify(
    _ jobs: [String], seconds: @escaping (Candidate) -> Double
  ) throws -> (Verification, runs: [String: Int]) {
    var now = 0.0
    var runs: [String: Int] = [:]
    let verifier = Verifier(
      seconds: 1, model: { _ throws(AdvisorError) in try CostModel(profile: Self.profile) },
      run: { job, candidate in
        runs["\(job.text) \(candidate.strategy) \(candidate.workers)", default: 0] += 1
        let taken = seconds(candidate)
        now += taken
        return RunOutcome(seconds: taken)
      })
    return (try verifier.verify(jobs.map { NamedJob(try Job($0)) }) { now }, runs)
  }

  @Test("On a machine that behaves as predicted, advice has no regret and predictions no error")
  func perfect() throws {
    let (verification, _) = try verify(["cpu:8x1e6", "wait:20x5ms"]) { $0.predicted.seconds.p50 }
    #expect(verification.cases.count == 2)
    #expect(verification.summary.medianError < 1e-9)
    #expect(verification.summary.meanRegret < 0.02, "candidates within the noise may be chosen for being simpler")
    #expect(verification.summary.coverage == 1)
    // Of runs inside their intervals the score is the width.
    let widths = verification.cases.map { ($0.predicted.p95 - $0.predicted.p5) / $0.observed }
    #expect(abs(verification.summary.meanScore - widths.reduce(0, +) / 2) < 1e-9)
  }

  @Test("Ways are told apart: pipelines by the workers of each stage")
  func pipelines() throws {
    let (verification, _) = try verify(["wait:16x10ms+cpu:16x1e6"]) { $0.predicted.seconds.p50 }
    let pipelines = verification.cases[0].ways.filter { $0.strategy == .pipeline }
    #expect(!pipelines.isEmpty && pipelines.allSatisfy { $0.stageWorkers?.reduce(0, +) == $0.workers })
    #expect(verification.cases[0].ways.allSatisfy { $0.strategy == .pipeline || $0.stageWorkers == nil })
  }

  @Test("Interrupted before the first job is measured, it says so", arguments: [0, 3])
  func interrupted(runs: Int) throws {
    var left = runs
    let verifier = Verifier(
      seconds: 1, shouldStop: { left <= 0 }, model: { _ throws(AdvisorError) in try CostModel(profile: Self.profile) },
      run: { _, _ in
        left -= 1
        return RunOutcome(seconds: 0.01)
      })
    let error = #expect(throws: AdvisorError.self) { try verifier.verify([NamedJob(try Job("cpu:8x1e6"))]) { 0 } }
    #expect(error?.code == .interrupted && error?.problem.contains("interrupted before") == true)
  }

  @Test("A run outside its interval costs twenty times what it is outside by")
  func score() throws {
    let (verification, _) = try verify(["cpu:8x1e6"]) { 2 * $0.predicted.seconds.p95 }
    let row = verification.cases[0]
    let expected = (row.predicted.p95 - row.predicted.p5 + 20 * row.predicted.p95) / row.observed
    #expect(abs(verification.summary.meanScore - expected) < 1e-9)
  }

  @Test("Each run of the advised way is predicted beside what wants the CPUs at its start")
  func present() throws {
    var now = 0.0
    let model = try CostModel(profile: Self.profile)
    /// Two threads come and go from one run to the next.
    let verifier = Verifier(
      seconds: 1, model: { _ throws(AdvisorError) in try model.beside(PresentLoad(threads: now)) },
      run: { job, candidate throws(AdvisorError) in
        let taken = try model.beside(PresentLoad(threads: now)).predict(
          job, plan: model.profile.machine.plan(for: candidate, job: job)
        ).seconds.p50
        now = 2 - now
        return RunOutcome(seconds: taken)
      })
    var clock = 0.0
    let verification = try verifier.verify([NamedJob(try Job("cpu:8x1e6"))]) {
      clock += 0.1
      return clock
    }
    #expect(verification.summary.coverage == 1 && verification.summary.medianError < 0.01)
  }

  /// The first run takes memory that has rested, all others what it has left.
  @Test("Where memory rests, advice and the predictions of all ways are of runs that follow one another")
  func rested() throws {
    var profile = Self.profile
    profile.variableCosts.memoryBandwidth = SampleProfile.bandwidth(1e10, 2e10)
    profile.variableCosts.firstTouch = SampleProfile.bandwidth(2e10, 4e10)
    profile.variableCosts.restedTouch = SampleProfile.bandwidth(5e8, 1e9)
    profile.warmMemoryBytes = 0
    var clock = 0.0
    let verifier = Verifier(
      seconds: 1, model: { _ throws(AdvisorError) in try CostModel(profile: profile) },
      run: { job, candidate throws(AdvisorError) in
        let plan = profile.machine.plan(for: candidate, job: job)
        let taken = try CostModel(profile: profile).predict(job, plan: plan).seconds.p50
        profile.warmMemoryBytes = 0x1p32
        clock += taken
        return RunOutcome(seconds: taken)
      })
    let verified = try verifier.verify([NamedJob(try Job("mem:64x4MiB"))]) { clock }.cases[0]
    #expect(verified.ways.allSatisfy { agree($0.predicted?.p50 ?? 0, $0.seconds, within: 1e-9) })
    #expect(verified.regret < 0.02)
  }

  @Test("The middle run of each way that ran in every round is handed on, to learn from")
  func kept() throws {
    var kept: [(Candidate, Measurement)] = []
    var now = 0.0
    let verifier = Verifier(
      seconds: 1, keep: { kept.append(($1, $2)) },
      model: { _ throws(AdvisorError) in try CostModel(profile: Self.profile) },
      run: { _, _ in
        now += 0.1
        return RunOutcome(seconds: 0.1 + now / 1000)
      })
    let verification = try verifier.verify([NamedJob(try Job("cpu:8x1e6"))]) { now }
    #expect(kept.count == verification.cases[0].alternatives)
    #expect(kept[0].1.outcome.seconds == verification.cases[0].observed)
  }

  @Test("Where the advised way is in truth three times slower than another, its regret is two")
  func regret() throws {
    let advised = try CostModel(profile: Self.profile).recommend(Job("cpu:8x1e6")).recommended
    let (verification, _) = try verify(["cpu:8x1e6"]) { candidate in
      candidate.strategy == advised.strategy && candidate.workers == advised.workers ? 0.3 : 0.1
    }
    #expect(abs(verification.cases[0].regret - 2) < 1e-9)
    #expect(verification.summary.p95Regret == verification.cases[0].regret)
    #expect(!verification.cases[0].covered)
  }

  @Test("Each run is kept beside what was predicted for it; spells that hold up whole rounds cost the advice nothing")
  func spells() throws {
    var count = 0
    let (verification, _) = try verify(["cpu:8x1e6"]) { candidate in
      count += 1
      return candidate.predicted.seconds.p50 * (count / 40 % 2 == 0 ? 1 : 3)
    }
    let row = verification.cases[0]
    #expect(row.forecasts?.map(\.observed) == row.chosen.runs)
    #expect(row.forecasts?.allSatisfy { $0.predicted.p50 == row.predicted.p50 } == true)
    #expect(row.ways.allSatisfy { $0.runs?.median() == $0.seconds })
    #expect(Set(row.chosen.runs ?? []).count == 2, "the spells fell on some of its runs")
    #expect(row.regret < 0.02)
  }

  @Test("Every way that could be the best runs at least five times")
  func runs() throws {
    let (verification, runs) = try verify(["cpu:8x1e6"]) { _ in 0.1 }
    #expect(verification.cases[0].alternatives >= 4)
    #expect(runs.values.allSatisfy { $0 >= 5 })
  }

  @Test("The fixed rules are measured whether or not the model likes them")
  func rules() throws {
    let (verification, _) = try verify(["wait:200x20ms"]) { $0.predicted.seconds.p50 }
    let regrets = verification.cases[0].ruleRegrets
    let rules: [FixedRule] = [.allCPUsAsThreads, .allCPUsAsProcesses, .twiceTheCPUs, .sixtyFourInFlight]
    #expect(Set(regrets.keys) == Set(rules.map(\.rawValue)))
    // Two at once take a hundred rounds of 20 ms where two hundred at once take one.
    #expect(try #require(regrets["all CPUs as threads"]) > 50)
  }

  @Test("A job that cannot be measured is named; a suite of only such jobs is an error")
  func skipped() throws {
    let (verification, _) = try verify(["cpu:8x1e6", "io:8x1KiB"]) { _ in 0.1 }
    #expect(verification.cases.map(\.job) == ["cpu:8x1e6"])
    #expect(verification.skipped.count == 1 && verification.skipped[0].hasPrefix("io:8x1KiB"))
    #expect(throws: AdvisorError.self) { try verify(["io:8x1KiB"]) { _ in 0.1 } }
  }

  @Test("The standard suite has every kind of job, and each is well formed")
  func suite() throws {
    let kinds = Set(try Suite.standard.flatMap { try Job($0).stages.map(\.kind) })
    #expect(kinds == [.cpu, .mem, .disk, .wait, .io])
    #expect(Suite.standard.count == Set(Suite.standard).count)
  }
}
