import AdvisorCore
import AdvisorTestSupport
import Statistics
import Glibc
import Testing

@testable import CostModel

/// Random machines and jobs.
private struct Draw {
  var random: Xoshiro

  init(_ seed: UInt64) { random = Xoshiro(seed: seed) }

  mutating func between(_ low: Double, _ high: Double) -> Double { low * pow(high / low, random.unit()) }

  /// Up to 16 CPUs, speedups that lose up to two thirds, other processes, and a quota in one of three.
  mutating func profile() -> MachineProfile {
    let cpus = 1 + random.index(below: 16)
    let quota = random.index(below: 3) == 0 ? between(0.3, Double(cpus)) : nil
    let loss = 0.67 * random.unit()
    var speedups: [Int: Double] = [:]
    for workers in [1, 2, 4, 8, 16] where workers <= 2 * cpus {
      let busy = Double(min(workers, cpus))
      speedups[workers] = 1 + (busy - 1) * (1 - loss)
    }
    var profile = SampleProfile.make(cpus: cpus, quota: quota, speedups: speedups)
    profile.quotaInFigures = nil
    if random.index(below: 3) == 0 { profile.noise.otherBusyShare = 0.5 * random.unit() }
    return profile
  }

  mutating func stages() -> [Stage] {
    let count = Int(between(1, 300))
    return (0...random.index(below: 2)).map { _ in stage(count) }
  }

  private mutating func stage(_ count: Int) -> Stage {
    let spread = random.index(below: 2) == 0 ? 0 : random.unit()
    return switch random.index(below: 5) {
    case 0: Stage(kind: .cpu, count: count, size: .seconds(between(1e-6, 1)), spread: spread)
    case 1: Stage(kind: .cpu, count: count, size: .units(between(1e3, 1e8)), spread: spread, kernel: .sort)
    case 2: Stage(kind: .wait, count: count, size: .seconds(between(1e-5, 1)), spread: spread)
    case 3: Stage(kind: .mem, count: count, size: .bytes(between(1e4, 1e8)), spread: spread)
    default: Stage(kind: .io, count: count, size: .bytes(between(1e3, 1e6)), spread: spread, latencySeconds: 0.01)
    }
  }
}

private func job(_ stages: [Stage]) -> Job {
  Job(text: stages.map(\.description).joined(separator: "+"), stages: stages)
}

@Suite("Only what is possible is predicted")
struct PossibilityTests {
  @Test(
    "No candidate ends before its CPU time, shared out over its CPUs or its quota", arguments: 0..<120 as Range<UInt64>)
  func work(seed: UInt64) throws {
    var draw = Draw(seed)
    let profile = draw.profile()
    let cpus = Double(profile.machine.usable.logicalCPUs)
    let advice = try CostModel(profile: profile).recommend(job(draw.stages()))
    for candidate in [advice.recommended] + advice.alternatives {
      let (seconds, cpuSeconds) = (candidate.predicted.seconds.p50, candidate.predicted.cpuSeconds)
      #expect(seconds >= cpuSeconds / min(cpus, Double(candidate.workers)) * (1 - 1e-9))
      // A group that was idle has one period's quota in hand (kernel documentation, sched-bwc).
      guard let quota = profile.machine.limits.cpuQuota else { continue }
      #expect(seconds >= (cpuSeconds / quota - 0.1) * (1 - 1e-9))
    }
  }

  @Test("One worker takes what it takes, whatever several lose to each other", arguments: 0..<40 as Range<UInt64>)
  func alone(seed: UInt64) throws {
    var draw = Draw(seed)
    var profile = draw.profile()
    profile.noise.otherBusyShare = 0
    let job = job(draw.stages())
    let lossy = try CostModel(profile: profile)
    for i in profile.variableCosts.speedups.indices {
      profile.variableCosts.speedups[i].speedup.value = Double(profile.variableCosts.speedups[i].workers)
    }
    let lossless = try CostModel(profile: profile)
    for strategy in Candidates.strategies(for: job) where strategy != .pipeline {
      let plan = Plan(strategy: strategy, workers: 1)
      #expect(
        agree(
          try lossy.predict(job, plan: plan).seconds.p50, try lossless.predict(job, plan: plan).seconds.p50,
          within: 1e-9))
    }
  }

  /// By hand: 4 × (30 ms + 750 ms).
  @Test("A plain loop of four waits and computations takes the sum of them", arguments: [1.05, 1.4, 1.5, 1.55, 1.7, 2])
  func loop(speedup: Double) throws {
    let model = try CostModel(profile: SampleProfile.make(cpus: 2, speedups: [1: 1, 2: speedup, 4: speedup]))
    let job = try Job("wait:4x30ms+cpu:4x750ms")
    for strategy in [Strategy.sequential, .threads] {
      let seconds = try model.predict(job, plan: Plan(strategy: strategy, workers: 1)).seconds.p50
      #expect(agree(seconds, 3.12, within: 0.01))
    }
    let best = try model.recommend(job).recommended.predicted.seconds.p50
    #expect(best <= 3.12 * 1.01)
  }

  @Test(
    "A speedup that is a little better makes the time a little shorter",
    arguments: ["cpu:9x10ms", "wait:4x30ms+cpu:4x750ms", "wait:16x20ms+cpu:16x3ms", "wait:64x20ms,cv=1+cpu:64x3ms"])
  func continuous(job: String) throws {
    let job = try Job(job)
    for plan in [
      Plan(strategy: .threads, workers: 2), Plan(strategy: .threads, workers: 4), Plan(strategy: .threads, workers: 16),
      Plan(strategy: .processes, workers: 3),
    ] {
      let times = try stride(from: 1.0, through: 2.001, by: 0.01).map { speedup in
        let profile = SampleProfile.make(cpus: 2, speedups: [1: 1, 2: speedup, 4: speedup])
        return try CostModel(profile: profile).predict(job, plan: plan).seconds.p50
      }
      for (worse, better) in zip(times, times.dropFirst()) {
        #expect(better <= worse * 1.002 && better >= worse * 0.98)
      }
    }
  }

  @Test("More tasks, or larger ones, are never faster", arguments: 0..<80 as Range<UInt64>)
  func monotonic(seed: UInt64) throws {
    var draw = Draw(seed)
    let model = try CostModel(profile: draw.profile())
    let stages = draw.stages()
    // A pipeline of items whose sizes vary is simulated, with other draws for another number.
    let strategies = Candidates.strategies(for: job(stages)).filter { strategy in
      strategy != .pipeline || stages.allSatisfy { $0.spread == 0 }
    }
    let strategy = strategies[draw.random.index(below: strategies.count)]
    // The start of more workers than tasks is another formula's.
    let workers = strategy == .sequential ? 1 : max(1, min(stages[0].count - 1, Int(draw.between(1, 40))))
    let plan = Plan(strategy: strategy, workers: workers)
    func seconds(_ change: (inout Stage) -> Void) throws -> Double {
      var changed = stages
      for i in changed.indices { change(&changed[i]) }
      return try model.predict(job(changed), plan: plan).seconds.p50
    }
    let plain = try seconds { _ in }
    let text = "\(job(stages)) \(strategy) \(workers)"
    // Drawn sizes and closed forms meet within a hundredth.
    for factor in [1.05, 1.5, 2] {
      #expect(
        try seconds { $0.count = Int((Double($0.count) * factor).rounded(.up)) } >= plain * 0.99, "\(text) \(factor)")
      #expect(try seconds { $0.size = $0.size.multiplied(by: factor) } >= plain * 0.999, "\(text)")
    }
  }

  @Test("A speedup of more than the CPUs is taken for what they can do, and that is said")
  func impossible() throws {
    let job = try Job("cpu:8x1e8,kernel=sort")
    let profile = SampleProfile.make(cpus: 2, speedups: [1: 1, 2: 4.84])
    let advice = try CostModel(profile: profile).recommend(job)
    let sound = try CostModel(profile: SampleProfile.make(cpus: 2, speedups: [1: 1, 2: 2])).recommend(job)
    #expect(advice.recommended == sound.recommended)
    let impossible = advice.caveats.filter { !sound.caveats.contains($0) }
    guard case .impossibleSpeedup(_, workers: 2, speedup: 4.84, cpus: 2) = impossible.first, impossible.count == 1
    else {
      Issue.record("\(advice.caveats)")
      return
    }
  }
}

extension Stage.Size {
  fileprivate func multiplied(by factor: Double) -> Stage.Size {
    switch self {
    case .units(let units): .units(units * factor)
    case .seconds(let seconds): .seconds(seconds * factor)
    case .bytes(let bytes): .bytes(bytes * factor)
    }
  }
}

@Suite("A quota that the measured figures hold already")
struct MeasuredQuotaTests {
  /// As measured within a quota: threads that would keep p CPUs busy get the quota's share of that.
  static func within(_ quota: Double, cpus: Int = 2) -> MachineProfile {
    func lost(_ workers: Int) -> Double { max(1, Double(min(workers, cpus)) / quota) }
    var profile = SampleProfile.make(
      cpus: cpus, quota: quota,
      speedups: Dictionary(
        uniqueKeysWithValues: [1, 2, 4].map { ($0, 1.97 / 2 * Double(min($0, cpus)) * lost(1) / lost($0)) }))
    for i in profile.variableCosts.memoryBandwidth.indices {
      let point = profile.variableCosts.memoryBandwidth[i]
      profile.variableCosts.memoryBandwidth[i].bytesPerSecond = point.bytesPerSecond.scaled(by: 1 / lost(point.threads))
    }
    return profile
  }

  @Test(
    "A quota is not taken off again: CPU time over the quota, for any number of workers",
    arguments: [(1.0, 5.0), (0.5, 10), (0.7, 7.14), (1.5, 3.33)], [1, 2, 4])
  func once(quota: (cpus: Double, seconds: Double), workers: Int) throws {
    let model = try CostModel(profile: Self.within(quota.cpus))
    let predicted = try model.predict(
      try Job("cpu:100x50ms"), plan: Plan(strategy: .threads, workers: workers)
    ).seconds.p50
    #expect(agree(predicted, max(quota.seconds, 5 / Double(workers)), within: 0.05))
  }

  @Test("A quota is one for memory, too", arguments: [0.5, 1, 1.5], ["cpu:64x50ms", "mem:64x64MiB"])
  func likeOutside(quota: Double, job: String) throws {
    let inside = try CostModel(profile: Self.within(quota))
    let outside = try CostModel(profile: SampleProfile.twoCores.whatIf(WhatIf(quota: quota)))
    for workers in [1, 2, 4] {
      let plan = Plan(strategy: .threads, workers: workers)
      let (a, b) = (try inside.predict(try Job(job), plan: plan), try outside.predict(try Job(job), plan: plan))
      #expect(agree(a.seconds.p50, b.seconds.p50, within: 0.03))
      #expect(agree(a.cpuSeconds, b.cpuSeconds, within: 0.03))
    }
  }

  @Test(
    "A quota is not taken off again beside other processes, which take no CPU time from a job",
    arguments: [0.5, 1, 1.5])
  func besideOthers(quota: Double) throws {
    var profile = Self.within(quota)
    profile.noise.otherBusyShare = 0.7
    let model = try CostModel(profile: profile)
    for workers in [1, 2, 4] {
      let predicted = try model.predict(try Job("cpu:100x50ms"), plan: Plan(strategy: .threads, workers: workers))
      #expect(agree(predicted.seconds.p50, 5 / min(1, quota), within: 0.05))
      #expect(predicted.cpuSeconds < 5.2)
    }
  }

  @Test("Work that computes gets the quota's ceiling of workers", arguments: [(0.5, 1), (0.7, 1), (1, 1), (1.5, 2)])
  func ceiling(quota: Double, workers: Int) throws {
    let model = try CostModel(profile: Self.within(quota))
    let command = Job(text: "command", stages: [Stage(kind: .command, count: 100, size: .seconds(0.05))])
    for job in [command, try Job("cpu:100x50ms"), try Job("mem:64x64MiB")] {
      #expect(try model.recommend(job).recommended.workers == workers)
    }
  }

  @Test("Without the quota, or on a larger machine, the figures are those of free CPUs", arguments: [0.5, 1, 1.5])
  func imagined(quota: Double) throws {
    let job = try Job("cpu:100x50ms")
    let free = try CostModel(profile: SampleProfile.twoCores.whatIf(WhatIf(cpus: 4))).recommend(job)
    let imagined = try CostModel(profile: Self.within(quota).whatIf(WhatIf(cpus: 4))).recommend(job)
    #expect(
      agree(imagined.recommended.predicted.seconds.p50, free.recommended.predicted.seconds.p50, within: 0.03))
  }
}
