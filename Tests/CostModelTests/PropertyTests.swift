import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("What holds for every job and machine")
struct PropertyTests {
  static let jobs = [
    "cpu:1x1", "cpu:7x1e6", "cpu:8x300ms,cv=0.5", "cpu:1000x20us,cv=3", "cpu:1e15x1e6", "cpu:5x1e300",
    "mem:16x512MiB", "mem:3x1,cv=1", "disk:64x4MiB", "disk:1x1TiB", "wait:200x50ms", "wait:33x1ns,cv=10",
    "io:100x64KiB,latency=20ms", "io:1e6x1MiB,cv=1", "io:4x20MiB+cpu:4x2e6", "io:40x20KiB,latency=1s,cv=1+cpu:40x2e6",
    "wait:9x1ms+cpu:9x1ms+disk:9x1MiB", "cpu:100x1ms,memory=64MiB",
  ]
  static let machines = [
    SampleProfile.twoCores, SampleProfile.make(cpus: 1), SampleProfile.make(cpus: 64, speedups: [1: 1, 64: 50]),
    SampleProfile.make(cpus: 8, quota: 0.5, speedups: [1: 1, 8: 7.5]),
  ]

  static func candidates(_ job: String, _ profile: MachineProfile) throws -> [Candidate] {
    let recommendation = try CostModel(profile: profile).recommend(try Job(job))
    return [recommendation.recommended] + recommendation.alternatives
  }

  @Test("Times are positive and ordered, the parts add up, and the numbers can be obeyed", arguments: jobs, 0..<4)
  func sound(job: String, machine: Int) throws {
    let tasks = try Job(job).stages[0].count
    let candidates = try Self.candidates(job, Self.machines[machine])
    for candidate in candidates {
      let predicted = candidate.predicted
      #expect(predicted.seconds.p5 > 0 && predicted.seconds.p95.isFinite)
      #expect(predicted.seconds.p5 <= predicted.seconds.p50 && predicted.seconds.p50 <= predicted.seconds.p95)
      let sum = predicted.breakdown.reduce(0) { $0 + $1.seconds }
      #expect(abs(sum / predicted.seconds.p50 - 1) < 1e-9)
      #expect(abs((predicted.fixedSeconds + predicted.variableSeconds) / predicted.seconds.p50 - 1) < 1e-9)
      #expect(predicted.cpuSeconds >= 0 && predicted.cpuSeconds.isFinite)
      #expect(predicted.memoryBytes >= 0 && predicted.memoryBytes.isFinite)
      #expect(candidate.speedup > 0 && candidate.speedup.isFinite)
      #expect(candidate.workers >= 1 && candidate.chunk >= 1 && candidate.chunk <= tasks)
      #expect((candidate.stageWorkers ?? [candidate.workers]).allSatisfy { (1...tasks).contains($0) })
    }
    let names = candidates.map { "\($0.strategy) \($0.workers) \($0.stageWorkers ?? [])" }
    #expect(Set(names).count == names.count)
  }

  @Test("What is recommended can be predicted as a plan, with the same result", arguments: jobs)
  func planned(job: String) throws {
    let model = try CostModel(profile: SampleProfile.twoCores)
    let chosen = try model.recommend(try Job(job)).recommended
    let plan = Plan(
      strategy: chosen.strategy, workers: chosen.workers, chunk: chosen.chunk, stageWorkers: chosen.stageWorkers)
    let predicted = try model.predict(try Job(job), plan: plan)
    #expect(agree(predicted.seconds.p50, chosen.predicted.seconds.p50, within: 0.02))
  }

  @Test("More tasks take longer", arguments: ["cpu:N×5ms", "cpu:N×5ms,cv=1", "wait:N×5ms", "io:N×64KiB,latency=20ms"])
  func monotonicInTasks(template: String) throws {
    let times = try [1, 3, 8, 40, 300, 5000].map { count in
      let job = template.replacing("N×", with: "\(count)x")
      return try Self.candidates(job, SampleProfile.twoCores)[0].predicted.seconds.p50
    }
    for (less, more) in zip(times, times.dropFirst()) { #expect(more >= less * 0.97) }
  }

  @Test("More CPUs never make the best way slower", arguments: ["cpu:100x5ms", "cpu:100x5ms,cv=1", "mem:64x64MiB"])
  func monotonicInCPUs(job: String) throws {
    let times = try [1, 2, 4, 16, 64].map { cpus in
      try Self.candidates(job, SampleProfile.twoCores.whatIf(WhatIf(cpus: cpus)))[0].predicted.seconds.p50
    }
    for (fewer, more) in zip(times, times.dropFirst()) { #expect(more <= fewer * 1.03) }
  }

  @Test("A tighter quota never makes it faster")
  func monotonicInQuota() throws {
    let times = try [8.0, 4, 1.5, 0.5, 0.1].map { quota in
      try Self.candidates("cpu:100x20ms", SampleProfile.make(cpus: 8, quota: quota, speedups: [1: 1, 8: 8]))[0]
        .predicted.seconds.p50
    }
    for (looser, tighter) in zip(times, times.dropFirst()) { #expect(tighter >= looser * 0.99) }
  }

  @Test(
    "A damaged profile gives an error that says what to measure, or a sound answer", arguments: jobs.prefix(10), 0..<9)
  func damaged(job: String, fault: Int) throws {
    var profile = SampleProfile.twoCores
    Self.damage(&profile, fault)
    do {
      for candidate in try Self.candidates(job, profile) {
        #expect(candidate.predicted.seconds.p50.isFinite && candidate.predicted.seconds.p50 > 0)
      }
    } catch let error as AdvisorError {
      #expect(error.code == .badData)
      #expect(error.advice.contains("calibrate"))
    }
  }

  static func damage(_ profile: inout MachineProfile, _ fault: Int) {
    switch fault {
    case 0: profile.fixedCosts = []
    case 1: profile.variableCosts = VariableCosts()
    case 2: for i in profile.fixedCosts.indices { profile.fixedCosts[i].typical.value = .nan }
    case 3:
      for i in profile.variableCosts.kernels.indices { profile.variableCosts.kernels[i].secondsPerUnit.value = -1 }
    case 4: profile.machine.topology = []
    case 5: profile.noise.runSpread = .infinity
    case 6: for i in profile.variableCosts.speedups.indices { profile.variableCosts.speedups[i].speedup.value = 0 }
    case 7: for i in profile.variableCosts.http.indices { profile.variableCosts.http[i].operationsPerSecond.low = .nan }
    default:
      profile.machine.usable.logicalCPUs = 0
      profile.machine.cpus.usable = []
      profile.machine.topology = []
    }
  }
}
