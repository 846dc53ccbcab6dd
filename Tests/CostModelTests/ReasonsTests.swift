import AdvisorCore
import AdvisorTestSupport
import Testing

@testable import CostModel

@Suite("Reasons")
struct ReasonsTests {
  @Test(
    "What binds is said first, with its figure",
    arguments: [
      ("cpu:8x300ms", "The cores bind: the work is 2.44 s of CPU time, and 2 CPUs do the work of 1.97."),
      ("wait:200x50ms", "The tasks bind: there are 200"),
      ("mem:16x512MiB", "Memory bandwidth binds"),
      ("disk:64x4MiB", "The disk binds"),
      ("io:100x64KiB,latency=20ms", "The transfers bind"),
      ("cpu:1x1e6", "There is one task, which takes 2.5 ms however it is run."),
    ])
  func binding(job: String, opening: String) throws {
    let first = try #require(try RecommendationTests.recommend(job).reasons.first)
    #expect(first.hasPrefix(opening))
  }

  @Test("Where workers wait for their memory at the start, that is what binds")
  func firstTouch() throws {
    var profile = SampleProfile.make(cpus: 4, speedups: [1: 1, 4: 4])
    profile.variableCosts.firstTouch = [1, 4].map {
      BandwidthPoint(
        threads: $0, cpuNode: 0, memoryNode: 0, bytesPerSecond: SampleProfile.estimate(1e9, .bytesPerSecond))
    }
    let first = try #require(try RecommendationTests.recommend("mem:4x1MiB", on: profile).reasons.first)
    // 96 MiB at 1 GB/s beside 4 MiB at 18.
    #expect(first.hasPrefix("Start-up binds: 99.8 % of the 101 ms pass while each worker maps its memory"))
  }

  @Test("A quota names the file that set it")
  func quota() throws {
    var profile = SampleProfile.make(cpus: 4, quota: 1.5, speedups: [1: 1, 4: 4])
    profile.machine.limits.sources["cpuQuota"] = "/sys/fs/cgroup/a/cpu.max"
    let reasons = try RecommendationTests.recommend("cpu:64x300ms", on: profile).reasons
    #expect(reasons.first?.hasPrefix("The CPU quota of 1.5 (/sys/fs/cgroup/a/cpu.max) binds") == true)
    #expect(reasons.contains { $0.hasPrefix("Without the quota it would take about 4.8") })
  }

  @Test("The break-even of threads and of processes follows from their start-up")
  func breakEven() throws {
    let reasons = try RecommendationTests.recommend("cpu:8x1e6").reasons
    // Two workers save about half the work: the second one's start (40 µs) is earned by 8 tasks of 10 µs.
    #expect(reasons.contains { $0.hasPrefix("Threads pay from 10.2 µs a task with 8 tasks, processes from") })
  }

  @Test("Where more gains nothing, the reasons say from where, and what half as many would cost")
  func knee() throws {
    let reasons = try RecommendationTests.recommend("cpu:8x300ms").reasons
    #expect(reasons.contains("Beyond 2 workers nothing is gained; with 1 it would take 1.97 times as long."))
  }

  @Test("Twice the CPUs are imagined where the cores bind")
  func larger() throws {
    let reasons = try RecommendationTests.recommend("cpu:8x300ms").reasons
    #expect(reasons.contains { $0.hasPrefix("With 4 CPUs it would take about 609 ms") })
  }

  @Test("Every reason is a sentence", arguments: PropertyTests.jobs)
  func sentences(job: String) throws {
    let reasons = try RecommendationTests.recommend(job).reasons
    #expect(!reasons.isEmpty)
    for reason in reasons {
      #expect(reason.first?.isUppercase == true && reason.last == ".")
      #expect(!reason.contains("nan") && !reason.contains("inf ") && !reason.contains("–"))
    }
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
