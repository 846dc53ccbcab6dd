import System

/// Samples as they are taken: of which tree, at which pace, and what they have come to.
struct Sampling {
  let sampler: TreeSampler
  private var builder = ProfileBuilder()
  /// CPU time that it has taken.
  private(set) var cpuSeconds = 0.0
  private var period = SamplingPeriod()
  private var elapsed = 0.0
  private var memory: MemoryWatch?
  private let counters: HardwareCounters?
  private let keepsSamples: Bool
  private var samples: [TreeSample] = []

  /// - Parameter counters: what counts for the tree from its start; nil to count from now on, if that is wanted.
  init(_ sampler: TreeSampler, _ instruments: Instruments, _ counters: HardwareCounters? = nil) {
    self.sampler = sampler
    self.counters =
      counters ?? (instruments.countsInstructions ? HardwareCounters(of: sampler.threadIDs) : nil)
    memory = instruments.cacheBytes.map(MemoryWatch.init)
    keepsSamples = instruments.keepsSamples
  }

  mutating func take() {
    let start = CPUClock.threadSeconds
    let sample = sampler.sample()
    elapsed = sample.seconds
    builder.add(sample)
    if keepsSamples { samples.append(sample) }
    let cost = CPUClock.threadSeconds - start
    period.add(cost: cost)
    lookAtMemory()
    cpuSeconds += CPUClock.threadSeconds - start
  }

  /// Only what computes all the time may be held back by memory; what looks cost is theirs alone to account for.
  private mutating func lookAtMemory() {
    let wall = builder.profile.wall
    guard memory != nil, wall.running > Self.minComputing * wall.sum else { return }
    memory?.look(at: sampler.runnableProcesses, elapsed: elapsed)
  }

  private static let minComputing = 0.6

  /// What is known until now, but for the single processes.
  var profileSoFar: TreeProfile { builder.profile }

  /// All that is known until now.
  var profile: TreeProfile {
    var profile = builder.profile(sampler.facts)
    profile.transfers = sampler.transfers
    profile.hardware = counters?.counts
    profile.counterFault = counters.flatMap { $0.counts == nil ? $0.fault ?? .noHardware : nil }
    profile.memoryLooks = memory?.looks
    return profile
  }

  /// What was sampled, where it was to be kept.
  var recording: SampleRecording? {
    keepsSamples ? SampleRecording(samples, of: profile) : nil
  }

  /// Seconds to wait before the next.
  var pause: Double { period.seconds(elapsed: elapsed, jitter: Double.random(in: 0...1)) }
}
