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
    /// The samples, where they were to be kept.
    public var recording: SampleRecording?
  }

  private let process: Int32
  private let seconds: Double
  private let instruments: Instruments

  /// - Parameters:
  ///   - process: its number.
  ///   - seconds: how long to watch; it may end before.
  ///   - instruments: what is looked at besides.
  public init(process: Int32, seconds: Double, instruments: Instruments = Instruments()) {
    self.process = process
    self.seconds = seconds
    self.instruments = instruments
  }

  /// Watches until the time is over, the process ends, or the watcher has enough.
  ///
  /// - Parameter watch: called after each sample; false ends it.
  /// - Throws: ``AdvisorError`` where there is no such process, or none that can be observed.
  public func run(_ watch: (TreeProfile) -> Bool = { _ in true }) throws(AdvisorError) -> Result {
    let sampler = try TreeSampler(root: process)
    let name = sampler.facts(of: process).name
    // The first look finds descendants and threads, of which counters are asked for.
    _ = sampler.sample()
    var sampling = Sampling(sampler, instruments)
    let end = MonotonicClock.seconds + seconds
    sampling.take()
    let before = sampler.contextSwitches()
    while watch(sampling.profileSoFar), sampler.isRootAlive, MonotonicClock.seconds < end {
      MonotonicClock.sleep(untilSeconds: min(end, MonotonicClock.seconds + sampling.pause))
      sampling.take()
    }
    sampler.updateTransfers()
    var profile = sampling.profile
    let after = sampler.contextSwitches()
    if !before.isEmpty, !after.isEmpty { profile.switches = ContextSwitches(from: before, to: after) }
    return Result(
      profile: profile, name: name, isDenied: sampler.isDenied, samplingSeconds: sampling.cpuSeconds,
      recording: sampling.recording)
  }
}
