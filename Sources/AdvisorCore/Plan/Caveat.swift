/// What may make advice wrong, or must be known to follow it: codes with figures, of which Reports makes sentences.
///
/// Figures are in seconds and CPUs; a share is 0...1.
public enum Caveat: Codable, Sendable, Hashable {
  /// A pool's workers are copies of a program that may have threads.
  case forkAfterThreads
  /// Limits that could not be read, and for which the advice therefore allows nothing.
  case unreadableLimits(
    limits: [Machine.Limits.Name], mayBeLower: Bool, cause: Machine.UnknownLimit.Cause, file: String)
  /// What the model lacks to predict a strategy.
  case strategyNotConsidered(strategy: Strategy, problem: String)
  case engineNotConsidered(engine: String, problem: String)
  /// The share of the CPUs that other processes used during calibration.
  case otherLoad(share: Double)
  /// Threads of other processes that want a CPU now, and the share of the CPUs' time that they take from what wants it all.
  case presentLoad(threads: Double, share: Double)
  /// A measured speedup beyond what the CPUs can give; the model uses the number of CPUs.
  case impossibleSpeedup(kernel: Kernel, workers: Int, speedup: Double, cpus: Int)
  /// At how many different times such jobs ran, and how many it takes to check intervals against them.
  case provisionalIntervals(occasions: Int, minOccasions: Int)
  case deadlineAtRisk(seconds: Double)
}
