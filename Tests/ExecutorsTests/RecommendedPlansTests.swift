import AdvisorCore
import AdvisorTestSupport
import CostModel
import Documents
import Statistics
import Testing
@testable import Executors

/// What is recommended can be run: every candidate passes the check that plans are held against before they start.
@Suite struct RecommendedPlansTests {
  private static func profile(_ name: String) throws -> MachineProfile {
    try JSONDocument.read(MachineProfile.self, from: "\(Repository.root)/profiles/\(name).json")
  }

  private static let kinds = [
    ("cpu", "2ms"), ("mem", "4MiB"), ("disk", "64KiB"), ("wait", "50ms"), ("io", "16KiB,latency=20ms"),
  ]

  private static func pick<Value>(_ values: [Value], _ random: inout Xoshiro) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  private static func randomJob(_ random: inout Xoshiro) throws -> Job {
    let count = pick([1, 7, 100, 3000], &random)
    let stages = (0..<Int.random(in: 1...2, using: &random)).map { _ in pick(kinds, &random) }
    let memory = Bool.random(using: &random) ? ",memory=\(Int.random(in: 1...600, using: &random))MiB" : ""
    return try Job(stages.map { kind, size in "\(kind):\(count)x\(size)\(memory)" }.joined(separator: "+"))
  }

  private static func restrict(_ profile: inout MachineProfile, _ random: inout Xoshiro) throws {
    profile.machine.limits.openFiles = pick([26, 64, 256, 1024, nil], &random)
    profile.machine.limits.pids = pick([17, 20, 100, nil], &random)
    profile.machine.limits.mappings = pick([40, 65_530, nil], &random)
    let quota = pick([0.5, 1.5, nil], &random)
    let memory = pick([0x1p28, 0x1p31, nil], &random)
    profile = try profile.whatIf(WhatIf(quota: quota, memoryBytes: memory))
  }

  @Test(
    "Under any limits what is recommended passes the plan check",
    arguments: ["amd-epyc-vm-2cpu", "intel-xeon-vm-16cpu"])
  func randomLimits(name: String) throws {
    var random = Xoshiro(seed: 16)
    let measured = try Self.profile(name)
    var (checked, refused) = (0, 0)
    for _ in 0..<150 {
      var profile = measured
      try Self.restrict(&profile, &random)
      let job = try Self.randomJob(&random)
      let limits = profile.machine.limits
      guard let advice = try? CostModel(profile: profile).recommend(job) else {
        refused += 1
        continue
      }
      for candidate in [advice.recommended] + advice.alternatives {
        var plan = profile.machine.plan(for: candidate, job: job)
        // The profile's CPUs need not be here.
        plan.cpus = nil
        let what = "\(job.text) by \(candidate.strategy) × \(candidate.workers) under \(limits)"
        #expect(throws: Never.self, "\(what)") { try PlanCheck(job: job, plan: plan, limits: limits).validate() }
        #expect(try plan.capped(for: job).workers == candidate.workers, "\(what)")
        checked += 1
      }
    }
    #expect(checked > 1000 && refused < 75, "\(checked) candidates, \(refused) jobs that fit nowhere")
  }
}
