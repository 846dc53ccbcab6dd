public import AdvisorCore
public import System

/// A command that was observed from its start to its end.
public struct ObservedRun: Sendable {
  /// From its start to its end.
  public var seconds: Double
  /// CPU time of the command and all its descendants, as far as it ended before it or was met by a sample.
  public var cpuSeconds: Double
  /// The largest resident memory of all its processes together, bytes.
  public var peakBytes: Int
  public var exit: Exit
  public var profile: TreeProfile
  /// Whether the kernel kept from us where some of its threads waited.
  public var isDenied: Bool
  /// The CPU time that observing it took, in seconds.
  public var samplingSeconds: Double
  /// The samples, where they were to be kept.
  public var recording: SampleRecording?
  /// Processes that it has left behind, and that were killed; 0 where they were not looked for.
  public var leftBehind = 0

  /// How long 0, 1, 2, … threads ran or could have run, in seconds.
  public var runnable: [Double] { profile.runnable }
}

/// Starts a command and samples its process tree until it ends.
///
/// The process adopts what the command leaves behind. It must have no other children.
public struct CommandObserver {
  private let launch: Launch
  private let protection: ProcessGuard?
  private let instruments: Instruments

  /// - Parameters:
  ///   - protection: a guard of this run alone, which kills the command's group should this process end first; with one
  ///     nothing that the command leaves behind outlives it either.
  ///   - instruments: what is looked at besides.
  public init(_ launch: Launch, protection: ProcessGuard? = nil, instruments: Instruments = Instruments()) {
    (self.launch, self.protection, self.instruments) = (launch, protection, instruments)
  }

  /// Starts the command and waits for its end.
  ///
  /// - Parameter watch: called after each sample with all that is known until then; a signal that it returns is sent to the
  ///   command (and to its group, where it leads one). It must not block.
  /// - Throws: ``AdvisorError`` where the command cannot be started.
  public func run(_ watch: (TreeProfile) -> Int32? = { _ in nil }) throws(AdvisorError) -> ObservedRun {
    OwnProcess.adoptOrphans()
    let start = MonotonicClock.seconds
    let counters = instruments.countsInstructions ? HardwareCounters() : nil
    let child = try ChildProcess(launch, protection: protection?.entry(0))
    let sampler = try TreeSampler(root: child.id, adopter: OwnProcess.id, besides: protection?.process)
    var sampling = Sampling(sampler, instruments, counters)
    var reaped = Reaped()
    repeat {
      sampling.take()
      child.reapOthers().forEach { reaped.add($0) }
      if let signal = watch(sampling.profileSoFar) { child.killGroup(signal) }
    } while !child.ends(within: .seconds(sampling.pause))
    let seconds = MonotonicClock.seconds - start
    let leftBehind = protection == nil ? 0 : endDescendants(of: child, sampler)
    child.reapOthers().forEach { reaped.add($0) }
    sampler.updateTransfers()
    let exit = child.wait()
    reaped.add(exit)
    // What the command has not waited for, because it ignores its children's end, is known from the samples only.
    let cpuSeconds = max(reaped.cpuSeconds, sampling.sampler.seenSeconds)
    var profile = sampling.profile
    (profile.seconds, profile.cpuSeconds, profile.switches) = (seconds, cpuSeconds, reaped.switches)
    return ObservedRun(
      seconds: seconds, cpuSeconds: cpuSeconds, peakBytes: profile.peakBytes, exit: exit, profile: profile,
      isDenied: sampling.sampler.isDenied, samplingSeconds: sampling.cpuSeconds, recording: sampling.recording,
      leftBehind: leftBehind)
  }

  /// Kills what the child, which has ended and is not reaped, has left: its group, and what has left that. Returns how many.
  private func endDescendants(of child: borrowing ChildProcess, _ sampler: TreeSampler) -> Int {
    guard !sampler.runningDescendants().isEmpty else { return 0 }
    // What is about to end is not left behind.
    MonotonicClock.sleep(untilSeconds: MonotonicClock.seconds + 0.05)
    var ended: Set<Int32> = []
    // What is killed may have started more in the meantime.
    for _ in 0..<Self.maxRounds {
      let left = sampler.runningDescendants().filter { !ended.contains($0) }
      guard !left.isEmpty else { break }
      child.killGroup(Signal.kill)
      for process in left { OwnProcess.kill(process) }
      ended.formUnion(left)
    }
    return ended.count
  }

  private static let maxRounds = 10
}

/// What those used that have been reaped.
private struct Reaped {
  var cpuSeconds = 0.0
  var switches = ContextSwitches(voluntary: 0, involuntary: 0)

  mutating func add(_ exit: Exit) {
    cpuSeconds += exit.cpuSeconds
    switches.voluntary += exit.voluntarySwitches
    switches.involuntary += exit.involuntarySwitches
  }
}
