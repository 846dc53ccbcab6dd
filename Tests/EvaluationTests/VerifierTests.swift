import AdvisorCore
import CostModel
import Testing

@testable import Evaluation

@Suite("Verifying advice") struct VerifierTests {
  /// A machine of two CPUs on which threads cost 50 µs and a work unit 2.5 ns.
  static let profile: MachineProfile = {
    func estimate(_ value: Double, _ unit: Estimate.Unit) -> Estimate {
      Estimate(value: value, low: value * 0.97, high: value * 1.03, samples: 60, unit: unit)
    }
    func cost(_ name: FixedCost.Name, _ seconds: Double) -> FixedCost {
      FixedCost(
        name: name, placement: .unpinned, floor: estimate(seconds, .seconds), typical: estimate(seconds, .seconds),
        minimum: seconds, acceptedShare: 1)
    }
    let machine = Machine(
      architecture: "x86_64", cpus: .init(online: [0, 1], allowed: [0, 1], usable: [0, 1]),
      counts: .init(packages: 1, cores: 2, logicalCPUs: 2, threadsPerCore: 1, numaNodes: 1),
      topology: [.init(id: 0, core: 0), .init(id: 1, core: 1)],
      usable: .init(logicalCPUs: 2, effectiveCPUs: 2, memoryBytes: 8 << 30))
    return MachineProfile(
      fingerprint: "0123456789abcdef", createdAt: "2026-01-01T00:00:00Z", advisorVersion: "0", level: .quick,
      machine: machine,
      fixedCosts: [
        cost(.threadStart, 5e-5), cost(.taskHop, 1e-6), cost(.workerSpawn, 3e-3), cost(.pipeRoundTrip, 2e-5),
        cost(.timerLateness, 6e-5), cost(.queueHandOff, 2e-6), cost(.processSpawn, 5e-4),
      ],
      variableCosts: VariableCosts(
        kernels: [KernelCost(kernel: .word, mix: .integer, secondsPerUnit: estimate(2.5e-9, .secondsPerUnit))],
        speedups: [
          SpeedupPoint(kernel: .word, workers: 1, speedup: estimate(1, .ratio)),
          SpeedupPoint(kernel: .word, workers: 2, speedup: estimate(2, .ratio)),
        ]),
      noise: Noise(stealShare: 0, otherBusyShare: 0, cpuPressure: nil, probeRatio: 1, runSpread: 0.02), quality: [])
  }()

  /// Verifies on a simulated machine in which a run takes what `seconds` says.
  private func verify(
    _ jobs: [String], seconds: @escaping (Candidate) -> Double
  ) throws -> (Verification, runs: [String: Int]) {
    var now = 0.0
    var runs: [String: Int] = [:]
    let verifier = Verifier(model: try CostModel(profile: Self.profile), seconds: 1) { job, candidate in
      runs["\(job.text) \(candidate.strategy) \(candidate.workers)", default: 0] += 1
      let taken = seconds(candidate)
      now += taken
      return taken
    }
    return (try verifier.verify(jobs.map { NamedJob(try Job($0)) }) { now }, runs)
  }

  @Test("On a machine that behaves as predicted, advice has no regret and predictions no error")
  func perfect() throws {
    let (verification, _) = try verify(["cpu:8x1e6", "wait:20x5ms"]) { $0.predicted.seconds.p50 }
    #expect(verification.cases.count == 2)
    #expect(verification.summary.medianError < 1e-9)
    #expect(verification.summary.meanRegret < 0.02, "candidates within the noise may be chosen for being simpler")
    #expect(verification.summary.coverage == 1)
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
    #expect(Set(regrets.keys) == Set(FixedRule.allCases.map(\.rawValue)))
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
