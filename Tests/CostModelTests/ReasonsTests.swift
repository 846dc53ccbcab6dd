import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("Reasons")
struct ReasonsTests {
  /// The profile's two CPUs are worth 1.97; a unit takes 2.5 ns.
  @Test(
    "What binds is said first, with its figure",
    arguments: [
      ("cpu:8x300ms", "cores"), ("wait:200x50ms", "longestTask"), ("mem:16x512MiB", "memoryBandwidth"),
      ("disk:64x4MiB", "disk"), ("io:100x64KiB,latency=20ms", "transfers"), ("cpu:1x1e6", "oneTask"),
    ])
  func binding(job: String, code: String) throws {
    let first = try #require(try RecommendationTests.recommend(job).reasons.first)
    switch (first, code) {
    case (.cores(let cpuSeconds, cpus: 2, speedup: 1.97, freeShare: 1), "cores"):
      #expect(agree(cpuSeconds, 8 * 0.3 * 2 / 1.97, within: 0.01))
    case (.longestTask(tasks: 200, let seconds), "longestTask"): #expect(agree(seconds, 0.05, within: 0.05))
    case (.oneTask(let seconds), "oneTask"): #expect(agree(seconds, 2.5e-3, within: 0.01))
    case (.memoryBandwidth(let share, _, workers: 2), "memoryBandwidth"), (.disk(let share, _), "disk"),
      (.transfers(let share, _), "transfers"):
      #expect(share > 0.5 && share <= 1)
    default: Issue.record("\(first)")
    }
  }

  /// Half of the CPUs is busy, so each has one half for a worker: two still do twice the work of one.
  @Test("Beside other processes, the speedup of the CPUs is that which the table says", arguments: [0.5, 2, 6])
  func besideOthers(threads: Double) throws {
    var profile = SampleProfile.twoCores
    profile.presentLoad = PresentLoad(threads: threads, stealShare: nil)
    let advice = try RecommendationTests.recommend("cpu:8x300ms", on: profile)
    guard case .cores(let cpuSeconds, cpus: 2, let speedup, let freeShare) = try #require(advice.reasons.first) else {
      Issue.record("\(advice.reasons)")
      return
    }
    #expect(agree(speedup, advice.recommended.speedup, within: 0.05))
    #expect(freeShare < 0.9)
    // What is predicted follows from the figures of the sentence.
    #expect(agree(advice.recommended.predicted.seconds.p50, cpuSeconds / 2 / freeShare, within: 0.05))
  }

  @Test("Where workers wait for their memory at the start, that is what binds")
  func firstTouch() throws {
    var profile = SampleProfile.make(cpus: 4, speedups: [1: 1, 4: 4])
    profile.variableCosts.firstTouch = [1, 4].map {
      BandwidthPoint(
        threads: $0, cpuNode: 0, memoryNode: 0, bytesPerSecond: SampleProfile.estimate(1e9, .bytesPerSecond))
    }
    // 96 MiB at 1 GB/s beside 4 MiB at 18.
    guard
      case .firstTouch(let share, let seconds) = try RecommendationTests.recommend("mem:4x1MiB", on: profile).reasons
        .first
    else {
      Issue.record("something else binds")
      return
    }
    #expect(agree(share, 0.998, within: 0.001) && agree(seconds, 0.101, within: 0.01))
  }

  @Test("A quota names the file that set it")
  func quota() throws {
    var profile = SampleProfile.make(cpus: 4, quota: 1.5, speedups: [1: 1, 4: 4])
    profile.machine.limits.sources["cpuQuota"] = "/sys/fs/cgroup/a/cpu.max"
    let reasons = try RecommendationTests.recommend("cpu:64x300ms", on: profile).reasons
    guard case .quota(cpus: 1.5, source: "/sys/fs/cgroup/a/cpu.max", _) = reasons.first else {
      Issue.record("\(reasons)")
      return
    }
    #expect(
      reasons.contains {
        guard case .withoutQuota(let seconds, let plan) = $0 else { return false }
        return agree(seconds, 64 * 0.3 / 4, within: 0.02) && plan.workers == 4
      })
  }

  @Test("The break-even of threads and of processes follows from their start-up")
  func breakEven() throws {
    let reasons = try RecommendationTests.recommend("cpu:8x1e6").reasons
    #expect(
      reasons.contains {
        guard case .breakEven(.threads, tasks: 8, let seconds, let processes?, let task) = $0 else { return false }
        // Two workers save about half the work: the second one's start (40 µs) is earned by 8 tasks of 10 µs.
        return agree(seconds, 10.2e-6, within: 0.01) && processes > seconds && agree(task, 2.5e-3, within: 0.01)
      })
  }

  @Test("Where more gains nothing, the reasons say from where, and what half as many would cost")
  func knee() throws {
    let reasons = try RecommendationTests.recommend("cpu:8x300ms").reasons
    #expect(
      reasons.contains {
        guard case .enoughWorkers(_, workers: 2, fewer: 1, let ratio) = $0 else { return false }
        return agree(ratio, 1.97, within: 0.01)
      })
  }

  @Test("Twice the CPUs are imagined where the cores bind")
  func larger() throws {
    let reasons = try RecommendationTests.recommend("cpu:8x300ms").reasons
    #expect(
      reasons.contains {
        guard case .moreCPUs(cpus: 4, let seconds, let plan) = $0 else { return false }
        return agree(seconds, 0.609, within: 0.01) && plan.workers == 4
      })
  }
}

@Suite("The strategy map")
struct StrategyMapTests {
  @Test("Small work runs in sequence, large work on all CPUs")
  func corners() throws {
    let model = try CostModel(profile: SampleProfile.make(cpus: 8, speedups: [1: 1, 8: 7.5]))
    let map = try model.strategyMap(of: Stage(kind: .cpu, count: 1, size: .seconds(1)))
    #expect(map.cells.count == map.sizes.count)
    #expect(map.cells.allSatisfy { $0.count == map.counts.count })
    #expect(map.cells[0][0].strategy == .sequential)
    let large = try #require(map.cells.last?.last)
    #expect(large.workers == 8)
    #expect(agree(large.speedup, 7.5, within: 0.02))
    #expect(map.cells.joined().allSatisfy { $0.speedup >= 0.97 })
  }

  @Test("Sizes and counts of one's own; nonsense is refused")
  func own() throws {
    let model = try CostModel(profile: SampleProfile.twoCores)
    let stage = Stage(kind: .wait, count: 1, size: .seconds(1))
    let map = try model.strategyMap(of: stage, counts: [100], sizes: [0.05])
    #expect(map.cells[0][0].strategy == .async)
    #expect(throws: AdvisorError.self) { try model.strategyMap(of: stage, counts: [0]) }
    #expect(throws: AdvisorError.self) { try model.strategyMap(of: stage, sizes: [.nan]) }
  }
}
