import AdvisorCore
import Foundation
import Statistics
import Tuning

/// Noisy runs of a job: white noise, a speed that drifts (of half the jobs the CPU's, which CPU time shows), one run in ten 20–60 %
/// slow, and for 30 % of the jobs a first run 5–40 % slow.
struct NoisyBench {
  private let job: SyntheticJob
  private let noise: Double
  private let driftShows: Bool
  private let first: Double
  private var drift: Double
  private var runs = 0
  private var random: Xoshiro
  private static let driftDeviation = 0.03
  private static let outliers = 0.1

  init(_ job: SyntheticJob, noise: Double, seed: UInt64) {
    (self.job, self.noise) = (job, noise)
    var random = Xoshiro(seed: seed)
    drift = Self.driftDeviation * random.normal()
    driftShows = random.unit() < 0.5
    first = random.unit() < 0.3 ? 1.05 + 0.35 * random.unit() : 1
    self.random = random
  }

  mutating func run(workers: Int, candidate: Int) -> TrialRun {
    runs += 1
    let wall = job.wall[workers]
    guard wall.isFinite else {
      return TrialRun(
        candidate: candidate, failure: .outOfMemory, seconds: 0.6 * job.best, maxRSSBytes: job.memoryLimit)
    }
    drift = 0.93 * drift + Self.driftDeviation * 0.3676 * random.normal()
    let shared = 0.5 * noise * random.normal()
    var factor = exp(drift + shared + 0.866 * noise * random.normal())
    let cpuFactor = exp((driftShows ? drift : 0) + shared + (0.002 + 0.15 * noise) * random.normal())
    if random.unit() < Self.outliers { factor *= 1.2 + 0.4 * random.unit() }
    if runs == 1 { factor *= first }
    return TrialRun(
      candidate: candidate, seconds: wall * factor,
      cpuSeconds: min(job.cpu[workers] * cpuFactor, Double(job.cpus) * wall * factor),
      maxRSSBytes: job.memory[workers] * exp(0.01 * random.normal()), othersCPUSeconds: job.othersSeconds)
  }
}
