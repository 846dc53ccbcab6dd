/// What makes figures doubtful: codes with figures, of which Reports makes sentences. A share is 0...1.
public enum ProfileWarning: CodedValue {
  // What was not measured.

  /// A cost or a phase, and why.
  case notMeasured(what: String, problem: String)
  /// Pairs of NUMA nodes for which there was no time.
  case nodePairsNotMeasured(pairs: Int)
  case oneCPU
  /// Later phases of a calibration are missing.
  case interrupted
  /// The figures rest on fewer samples, or are missing.
  case cutShort
  /// Workers of an engine that got none of the tasks that look at them.
  case unseenWorkers(workers: Int, of: Int)

  // How it was measured.

  /// Threads could not be pinned, and why.
  case unpinned(problem: String)
  /// The floors of costs that block are the tenth percentile.
  case contended
  /// Costs without an undisturbed moment.
  case disturbed(costs: [String])
  /// Parts of the calibration that were measured while the machine was disturbed.
  case poorParts(parts: [String])
  /// The file system allows no direct reads.
  case pageCache

  // What else the machine did meanwhile.

  case throttled(share: Double)
  case slowedDown(times: Int)
  case turbo
  case otherLoad(share: Double)
  case stolen(share: Double)
  /// Code with much parallelism was slowed that many times at the median.
  case neighbour(slowdown: Double)
  case runSpread(share: Double)
  /// The host moved this machine's CPUs: seconds that a cache line took from one to another and back.
  case movedCPUs(minSeconds: Double, maxSeconds: Double)

  // How well the figures are known.

  case fewSamples(figures: Int, of: Int, minSamples: Int)
  /// Known to no better than 5 %.
  case imprecise(figures: Int, of: Int)
  case boundedSpeedups(speedups: [BoundedSpeedup])

  // What an earlier calibration says.

  case pooled(figures: Int, of: Int, since: String)
  case moved(figures: Int, of: Int, since: String)
  case movedCPUsSince(seconds: Double, before: Double)

  /// The machine is imagined, and its speedups and memory bandwidth are extrapolated.
  case imagined(cpus: Int, numaNodes: Int)

  case words(text: String)

  /// A measured speedup beyond what CPUs can give.
  public struct BoundedSpeedup: Codable, Hashable, Sendable {
    /// The kernel, or the runtime and what carried its work.
    public var what: String
    public var workers: Int
    public var speedup: Double
    public var maxSpeedup: Double

    public init(_ what: String, workers: Int, speedup: Double, maxSpeedup: Double) {
      self.what = what
      self.workers = workers
      self.speedup = speedup
      self.maxSpeedup = maxSpeedup
    }
  }
}
