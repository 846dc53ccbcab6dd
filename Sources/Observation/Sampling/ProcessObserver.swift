public import AdvisorCore
import System

/// Watches a process that is already there, and its descendants.
public struct ProcessObserver {
  public struct Result: Sendable {
    public var profile: TreeProfile
    /// The process's name.
    public var name: String
    public var isDenied: Bool
    /// The CPU time that observing took, in seconds.
    public var samplingSeconds: Double
  }

  private let process: Int32
  private let seconds: Double

  /// - Parameters:
  ///   - process: its number.
  ///   - seconds: how long to watch; it may end before.
  public init(process: Int32, seconds: Double) {
    self.process = process
    self.seconds = seconds
  }

  /// Watches until the time is over, the process ends, or the watcher has enough.
  ///
  /// - Parameter watch: called after each sample; false ends it.
  /// - Throws: ``AdvisorError`` where there is no such process, or none that can be observed.
  public func run(_ watch: (TreeProfile) -> Bool = { _ in true }) throws(AdvisorError) -> Result {
    let sampler = try TreeSampler(root: process)
    let name = sampler.facts(of: process).name
    var sampling = Sampling(sampler)
    let end = MonotonicClock.seconds + seconds
    sampling.take()
    while watch(sampling.profileSoFar), sampler.isRootAlive, MonotonicClock.seconds < end {
      MonotonicClock.sleep(untilSeconds: min(end, MonotonicClock.seconds + sampling.pause))
      sampling.take()
    }
    return Result(
      profile: sampling.profile, name: name, isDenied: sampler.isDenied, samplingSeconds: sampling.cpuSeconds)
  }
}
