public import AdvisorCore

/// What holds a process tree back: codes with figures, of which Reports makes sentences.
///
/// A share is that of the observed time, 0...1; figures are in seconds, bytes and CPUs.
public enum Cause: Codable, Sendable, Hashable {
  /// A CPU quota throttles the tree in that share of the quota's periods.
  case quota(share: Double, cpus: Double, usedCPUs: Double, throttledPeriods: Double, source: String)
  /// The hypervisor gives the CPUs to other guests.
  case steal(share: Double)
  /// Other processes of this machine are on the CPUs that the tree's threads are ready for.
  case runQueue(share: Double, neighbourCPUs: Double?)
  /// All is done by one thread, or by one after the other.
  case singleThread(share: Double, process: String, thread: Int32?, idleCPUs: Double)
  /// Part of the time one thread alone works, and several in the rest.
  case serialPart(share: Double, width: Double)
  /// Threads of one Python process take turns.
  case interpreterLock(share: Double, process: String, threads: Int, usedCPUs: Double)
  /// Threads wait for each other's locks while CPUs are free.
  case lock(share: Double, waiting: Double, usedCPUs: Double)
  /// It goes over memory as fast as that gives its bytes; instructions per cycle where they are counted.
  case memoryBandwidth(share: Double, bytesPerSecond: Double, maxBytesPerSecond: Double, instructionsPerCycle: Double?)
  /// Memory is short: pages are dropped and read again.
  ///
  /// Here and for the disk, the stalled share is that of the time in which some task waited for it, by pressure files.
  case memoryPressure(
    share: Double, faultsPerSecond: Double, limitBytes: Int?, source: String?, stalledShare: Double?)
  case disk(share: Double, bytesPerSecond: Double?, stalledShare: Double?)
  case network(share: Double)
  /// Many more threads want to run than there are CPUs.
  case oversubscription(share: Double, runnable: Double, cpus: Int)
  /// The threads may run on those CPUs only.
  case affinity(share: Double, allowed: String, runnable: Double)
  /// It sleeps, for times that it has set itself.
  case sleep(share: Double)

  public var share: Double {
    switch self {
    case .quota(let share, _, _, _, _), .steal(let share), .runQueue(let share, _), .singleThread(let share, _, _, _),
      .serialPart(let share, _), .interpreterLock(let share, _, _, _), .lock(let share, _, _),
      .memoryBandwidth(let share, _, _, _),
      .memoryPressure(let share, _, _, _, _), .disk(let share, _, _), .network(let share),
      .oversubscription(let share, _, _),
      .affinity(let share, _, _), .sleep(let share):
      share
    }
  }

  /// The code in documents.
  public var code: CauseCode {
    switch self {
    case .quota: .quota
    case .steal: .steal
    case .runQueue: .runQueue
    case .singleThread: .singleThread
    case .serialPart: .serialPart
    case .interpreterLock: .interpreterLock
    case .lock: .lock
    case .memoryBandwidth: .memoryBandwidth
    case .memoryPressure: .memoryPressure
    case .disk: .disk
    case .network: .network
    case .oversubscription: .oversubscription
    case .affinity: .affinity
    case .sleep: .sleep
    }
  }
}

/// What would change the time, as far as the samples tell.
public struct Change: Codable, Sendable, Hashable {
  public enum Code: String, Codable, Sendable {
    case threads, processes, inFlight, withoutQuota, withoutNeighbours, withoutAffinity, withoutSerialPart, lockHalved
    case fasterDisk, moreMemory, moreCPUs, cacheBlocks
  }

  /// How many times as fast the tree would be.
  public typealias Speedup = IntervalEstimate

  public var code: Code
  /// What there is of it now, and what there would be: threads, CPUs, requests in flight.
  @Nullable public var from: Double?
  @Nullable public var to: Double?
  /// Nil where the samples do not tell.
  @Nullable public var speedup: Speedup?
  /// What it presumes of further CPUs, where it does.
  @Nullable public var basis: CPUGain.Source?
  /// A line to paste.
  @Nullable public var command: String?

  public init(
    _ code: Code, from: Double? = nil, to: Double? = nil, speedup: Speedup? = nil, basis: CPUGain.Source? = nil,
    command: String? = nil
  ) {
    self.code = code
    self.from = from
    self.to = to
    self.speedup = speedup
    self.basis = basis
    self.command = command
  }
}

/// What could not be told, and so may be a cause that is not named.
public enum Blindness: Codable, Sendable, Hashable {
  /// Where threads of that share of the time wait: they are another user's, or may not be traced.
  case waits(share: Double)
  /// Instructions and cache misses are not counted here, and how fast its pages were used could not be seen either, so that
  /// waiting for memory looks like computing.
  case counters(fault: CounterFault)
  /// It goes over that much memory; what this machine's memory gives was not measured.
  case bandwidth(bytesPerSecond: Double)
  /// The cgroups of the tree are not to be seen, and so no quota or memory limit.
  case cgroups
  /// The kernel has no pressure information (PSI).
  case pressure
  /// Too few samples.
  case brief(samples: Int)
}

/// What can hold a process tree back, as documents name it.
public enum CauseCode: String, Codable, Sendable, Hashable, CaseIterable {
  case healthy, cpus, quota, steal, runQueue, singleThread, serialPart, interpreterLock, lock, memoryBandwidth
  case memoryPressure, disk, network, oversubscription, affinity, sleep
}
