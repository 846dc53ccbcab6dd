import System

/// Samples as they are taken: of which tree, at which pace, and what they have come to.
struct Sampling {
  let sampler: TreeSampler
  private var builder = ProfileBuilder()
  /// CPU time that it has taken.
  private(set) var cpuSeconds = 0.0
  private var period = SamplingPeriod()
  private var elapsed = 0.0

  init(_ sampler: TreeSampler) { self.sampler = sampler }

  mutating func take() {
    let start = CPUClock.threadSeconds
    let sample = sampler.sample()
    elapsed = sample.seconds
    builder.add(sample)
    let cost = CPUClock.threadSeconds - start
    cpuSeconds += cost
    period.add(cost: cost)
  }

  /// What is known until now, but for the single processes.
  var profileSoFar: TreeProfile { builder.profile }

  /// All that is known until now.
  var profile: TreeProfile { builder.profile(sampler.facts) }

  /// Seconds to wait before the next.
  var pause: Double { period.seconds(elapsed: elapsed, jitter: Double.random(in: 0...1)) }
}
