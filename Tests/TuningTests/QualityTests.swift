import AdvisorTestSupport
import Foundation
import Statistics
import Testing

@testable import Tuning

/// How good the choices are. `ADVISOR_TUNING_SEARCHES` sets how many searches there are of each recorded command; with it all curves
/// are used, and the goals are those that the whole procedure meets.
@Suite("How good the choice is") struct QualityTests {
  private static let searches = ProcessInfo.processInfo.environment["ADVISOR_TUNING_SEARCHES"].flatMap { Int($0) }

  private func settings(cpus: Int, seed: Int) -> Tuner.Settings {
    var settings = Tuner.Settings(cpus: cpus)
    settings.seed = UInt64(seed)
    if Self.searches == nil { settings.curves = 600 }
    return settings
  }

  @Test("On recorded runs of real commands the choice costs little, in few runs")
  func recorded() throws {
    let folder = try #require(Bundle.module.url(forResource: "Fixtures/recorded", withExtension: "json"))
    var score = Score()
    for command in try RecordedCommand.load(folder.path) {
      for seed in 0..<(Self.searches ?? 2) {
        var random = Xoshiro(seed: UInt64(77 * seed + 5))
        let tuner = Tuner(workers: command.values, settings: settings(cpus: RecordedCommand.cpus, seed: seed))
        _ = score.search(tuner, best: command.best, truth: command.truth) { candidate, index in
          command.draw(candidate.counts[0], candidate: index, &random)
        }
      }
    }
    print("recorded: \(score.text)")
    let isFull = Self.searches != nil
    #expect(score.meanRegret <= (isFull ? 0.015 : 0.03))
    #expect(score.regret(0.95) <= (isFull ? 0.06 : 0.1))
    #expect(score.meanRuns <= (isFull ? 6.5 : 7.5))
    #expect(!isFull || (0.85...0.97).contains(score.coverage))
  }

  @Test("On jobs of twelve kinds the choice costs little, in few runs, though speed drifts and runs are slow at random")
  func synthetic() {
    var score = Score()
    for cpus in Self.searches == nil ? [2, 8] : [2, 8, 16, 64] {
      for family in SyntheticJob.Family.allCases {
        for seed in 0..<(Self.searches.map { max(1, $0 / 4) } ?? 1) {
          search(cpus: cpus, family, seed: seed, noises: Self.searches == nil ? [0.04] : [0.01, 0.04, 0.08], &score)
        }
      }
    }
    print("synthetic: \(score.text)")
    let isFull = Self.searches != nil
    #expect(score.meanRegret <= (isFull ? 0.01 : 0.02))
    #expect(score.regret(0.95) <= (isFull ? 0.05 : 0.1))
    #expect(score.meanRuns <= 7.5)
    #expect(!isFull || score.rightClaims >= 0.9)
  }

  @Test("On jobs that wait for a server the choice takes a quarter of the time of three runs of each value, or less")
  func waiting() {
    var (score, seconds, sweep) = (Score(), 0.0, 0.0)
    for cpus in [2, 8] {
      for seed in 0..<(Self.searches ?? 3) {
        var random = Xoshiro(seed: UInt64(1000 * cpus + seed))
        let job = SyntheticJob(&random, cpus: cpus, family: .served)
        var bench = NoisyBench(job, noise: 0.04, seed: random.next())
        let tuner = Tuner(workers: WorkerGrid.counts(cpus: cpus), settings: settings(cpus: cpus, seed: seed))
        _ = score.search(tuner, best: job.best, truth: { job.wall[$0] }) { candidate, index in
          let run = bench.run(workers: candidate.counts[0], candidate: index)
          seconds += run.seconds
          return run
        }
        sweep += 3 * WorkerGrid.counts(cpus: cpus).reduce(0) { $0 + job.wall[$1] }
      }
    }
    print("waiting: \(score.text), time of three runs of each value: \(seconds / sweep)")
    #expect(score.meanRegret <= 0.03)
    #expect(score.meanRuns <= 9.5)
    #expect(seconds <= 0.25 * sweep)
  }

  private func search(cpus: Int, _ family: SyntheticJob.Family, seed: Int, noises: [Double], _ score: inout Score) {
    let name = family.rawValue.utf8.reduce(UInt64(cpus)) { $0 &* 31 &+ UInt64($1) }
    var random = Xoshiro(seed: name &+ UInt64(seed))
    let job = SyntheticJob(&random, cpus: cpus, family: family)
    for noise in noises {
      var bench = NoisyBench(job, noise: noise, seed: random.next())
      var settings = settings(cpus: cpus, seed: seed)
      if job.memoryLimit.isFinite { settings.memoryLimit = job.memoryLimit }
      let tuner = Tuner(workers: WorkerGrid.counts(cpus: cpus), settings: settings)
      _ = score.search(
        tuner, best: job.best, truth: { $0 <= job.maxWorkers ? job.wall[$0] : .infinity }
      ) { candidate, index in bench.run(workers: candidate.counts[0], candidate: index) }
    }
  }
}
