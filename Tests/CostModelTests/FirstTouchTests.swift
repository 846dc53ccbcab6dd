import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("Memory that workers touch for the first time")
struct FirstTouchTests {
  /// Memory that has just been given back comes at 20 GB/s, and after a rest, where that makes a difference, at 0.5.
  static func profile(rested: Double? = 5e8, warmBytes: Double? = nil) -> MachineProfile {
    var profile = SampleProfile.twoCores
    profile.variableCosts.firstTouch = SampleProfile.bandwidth(2e10, 4e10)
    profile.variableCosts.restedTouch = rested.map { SampleProfile.bandwidth($0, 2 * $0) }
    profile.warmMemoryBytes = warmBytes
    return profile
  }

  static func seconds(_ workers: Int, on profile: MachineProfile) throws -> Double {
    let plan = Plan(strategy: .threads, workers: workers)
    let prediction = try CostModel(profile: profile).predict(try Job("mem:64x4MiB"), plan: plan)
    return prediction.breakdown.first { $0.name == "first touch" }?.seconds ?? 0
  }

  /// A worker of the job has three arrays of 32 MiB. The parts are those of the median of the draws.
  @Test(
    "What has rested takes its own time, what has not comes first",
    arguments: [
      (workers: 1, rested: 5e8, warm: 0.0, expected: 96 * 0x1p20 / 5e8),
      (2, 5e8, 0, 192 * 0x1p20 / 1e9),
      (1, 5e8, 0x1p30, 96 * 0x1p20 / 2e10),
      (1, 5e8, 32 * 0x1p20, 32 * 0x1p20 / 2e10 + 64 * 0x1p20 / 5e8),
      (8, 5e8, 0x1p28, 256 * 0x1p20 / 4e10 + 512 * 0x1p20 / 1e9),
    ])
  func parts(workers: Int, rested: Double, warm: Double, expected: Double) throws {
    #expect(agree(try Self.seconds(workers, on: Self.profile(rested: rested, warmBytes: warm)), expected, within: 0.01))
  }

  @Test("Where nobody has looked, or rest makes no difference, little memory has not rested", arguments: [1, 2])
  func warm(workers: Int) throws {
    let expected = 96 * 0x1p20 / 2e10
    for profile in [Self.profile(), Self.profile(rested: nil), Self.profile(rested: nil, warmBytes: 0)] {
      #expect(agree(try Self.seconds(workers, on: profile), expected, within: 0.01))
    }
  }

  @Test("Less memory that has not rested is never faster", arguments: [1, 2, 4, 16])
  func monotone(workers: Int) throws {
    let seconds = try [1e10, 1e9, 2e8, 1e8, 1e7, 0].map {
      try Self.seconds(workers, on: Self.profile(warmBytes: $0))
    }
    #expect(seconds == seconds.sorted())
  }

  @Test("Without the quota under which they were measured, and on a machine that is imagined, both rates move alike")
  func whatIf() throws {
    var profile = Self.profile()
    profile.quotaInFigures = 1
    let costs = profile.withoutQuotaInFigures.variableCosts
    #expect(costs.restedTouch?.map(\.bytesPerSecond.value) == [5e8, 2e9])
    let imagined = try Self.profile().whatIf(WhatIf("cpus=4")).variableCosts
    #expect(imagined.restedTouch?.map(\.threads) == imagined.firstTouch?.map(\.threads))
  }

  @Test("A run in memory that had rested teaches nothing of memory that has not")
  func history() throws {
    let (job, plan) = (try Job("mem:64x4MiB"), Plan(strategy: .threads, workers: 2))
    func seconds(_ profile: MachineProfile, _ history: [HistoryEntry] = []) throws -> Double {
      try CostModel(profile: profile, history: history).predict(job, plan: plan).seconds.p50
    }
    let (warm, rested) = try (seconds(Self.profile()), seconds(Self.profile(warmBytes: 0)))
    #expect(rested > 5 * warm)
    func learnt(_ warmBytes: Double?) throws -> Double {
      try seconds(
        Self.profile(),
        try (0..<20).map {
          var entry = try HistoryBoundTests.entry(job.text, .threads, seconds: rested, minute: $0)
          entry.warmMemoryBytes = warmBytes
          return entry
        })
    }
    #expect(agree(try learnt(0), warm, within: 0.03))
    #expect(try learnt(nil) > 2 * warm)
  }
}
