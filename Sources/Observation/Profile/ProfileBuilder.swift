import AdvisorCore

/// Sums samples up as they come, in bounded memory.
///
/// The wall time from one sample to the next is split so: what threads ran, queued for a CPU, or waited for a disk or a lock
/// comes first, in proportion where it is more than the time that has passed. Only where that is less do the other waits
/// count, of which one is taken for all: the network before pipes, those before sleep, and idle threads last. So a shell that
/// waits for its children, or a pool that waits for work, takes nothing from what the others do.
public struct ProfileBuilder: Sendable {
  public private(set) var profile = TreeProfile()
  private var ledgers: [Int32: ThreadLedger] = [:]
  private var owners: [Int32: Int32] = [:]
  private var ended: [Int32: [ThreadProfile]] = [:]
  private var lastSeconds: Double?
  private var clockReadings: [Double] = []
  private var piece = TimeSplit()

  /// Pieces that the timeline has at most: at this number each two become one.
  private static let maxPieces = 240
  /// Threads that are remembered by themselves after their end: those that ran most.
  private static let maxEnded = 512

  public init() {}

  public mutating func add(_ sample: TreeSample) {
    let span = lastSeconds.map { sample.seconds - $0 }
    lastSeconds = sample.seconds
    profile.samples += 1
    profile.maxThreads = max(profile.maxThreads, sample.threads.count)
    profile.maxProcesses = max(profile.maxProcesses, sample.processes)
    profile.peakBytes = max(profile.peakBytes, sample.residentBytes)
    if let surroundings = sample.surroundings { add(surroundings) }
    guard let span, span > 0 else { return begin(sample) }
    profile.seconds += span
    profile.cpuSeconds = sample.cpuSeconds
    profile.kernelSeconds = max(profile.kernelSeconds, sample.kernelSeconds)
    profile.majorFaults = max(profile.majorFaults, sample.majorFaults)
    addRunnable(sample.threads.count { $0.state == .runnable }, span)
    profile.stoppedSeconds += span * Double(sample.threads.count { $0.state == .stopped })
    let together = enter(sample.threads, span: span)
    profile.threads += together
    addWall(Self.wall(together, span: span), span)
  }

  private mutating func add(_ surroundings: Surroundings) {
    if profile.first == nil { profile.first = surroundings }
    if profile.firstSwappedPages == nil { profile.firstSwappedPages = surroundings.swappedPages }
    if profile.firstQuota?.source != surroundings.quota?.source { profile.firstQuota = surroundings.quota }
    if profile.firstMemory?.source != surroundings.memory?.source { profile.firstMemory = surroundings.memory }
    if let allowed = surroundings.allowedCPUs.flatMap({ CPUSet(list: $0) }) {
      profile.allowed = profile.allowed?.union(allowed) ?? allowed
    }
    profile.last = surroundings
    if let hertz = surroundings.hertz { addClock(hertz, surroundings.maxHertz) }
  }

  private mutating func addClock(_ hertz: Double, _ max: Double?) {
    clockReadings.append(hertz)
    if clockReadings.count > Self.maxPieces { clockReadings.removeFirst() }
    profile.clock = ClockRate(mean: clockReadings.reduce(0, +) / Double(clockReadings.count), max: max)
  }

  /// How long the tree was observed is known to who waits for its end.
  public mutating func end(after seconds: Double) { profile.seconds = seconds }

  private mutating func begin(_ sample: TreeSample) {
    for thread in sample.threads {
      ledgers[thread.id] = ThreadLedger(thread)
      owners[thread.id] = thread.process
    }
  }

  private mutating func enter(_ threads: [ThreadSample], span: Double) -> TimeSplit {
    var sum = TimeSplit()
    var gone = ledgers
    for thread in threads {
      gone[thread.id] = nil
      owners[thread.id] = thread.process
      if let split = ledgers[thread.id]?.enter(thread, span: span) {
        sum += split
      } else {
        let ledger = ThreadLedger(begun: thread, span: span)
        ledgers[thread.id] = ledger
        sum += ledger.profile.time
      }
    }
    for (id, last) in gone {
      ledgers[id] = nil
      var ledger = last
      sum += ledger.end(within: span)
      if let process = owners.removeValue(forKey: id), ledger.profile.time.running > 0 {
        ended[process, default: []].append(ledger.profile)
      }
    }
    if ended.count > 2 * Self.maxEnded { forget() }
    return sum
  }

  /// Keeps the processes that ran most.
  private mutating func forget() {
    let kept = ended.sorted { $0.value.running > $1.value.running }.prefix(Self.maxEnded)
    ended = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
  }

  private mutating func addRunnable(_ count: Int, _ span: Double) {
    while profile.runnable.count <= count { profile.runnable.append(0) }
    profile.runnable[count] += span
  }

  static func wall(_ threads: TimeSplit, span: Double) -> TimeSplit {
    var active = TimeSplit()
    (active.running, active.queue, active.disk, active.lock) =
      (threads.running, threads.queue, threads.disk, threads.lock)
    var split = TimeSplit()
    split.add(active, scaled: min(1, span / max(active.sum, 1e-9)))
    let rest = max(0, span - active.sum)
    switch true {
    case threads.network > 0: split.network = rest
    case threads.pipe > 0: split.pipe = rest
    case threads.sleep > 0: split.sleep = rest
    case threads.unknown > 0: split.unknown = rest
    default: split.idle = rest
    }
    return split
  }

  private mutating func addWall(_ split: TimeSplit, _ span: Double) {
    profile.wall += split
    piece += split
    guard piece.sum >= profile.pieceSeconds else { return }
    profile.timeline.append(piece)
    piece = TimeSplit()
    guard profile.timeline.count >= Self.maxPieces else { return }
    profile.pieceSeconds *= 2
    profile.timeline = stride(from: 0, to: Self.maxPieces, by: 2).map { index in
      var sum = profile.timeline[index]
      sum += profile.timeline[index + 1]
      return sum
    }
  }

  /// The sums so far, with those of each process.
  ///
  /// - Parameter facts: name of a process, and whether it is a Python interpreter.
  public func profile(_ facts: (Int32) -> (name: String, isPython: Bool)) -> TreeProfile {
    var threads = ended
    for (id, ledger) in ledgers { threads[owners[id] ?? id, default: []].append(ledger.profile) }
    var result = profile
    result.processes = threads.map { id, threads in
      let facts = facts(id)
      return ProcessProfile(
        id: id, name: facts.name, isPython: facts.isPython,
        threads: threads.sorted { ($1.time.running, $0.id) < ($0.time.running, $1.id) })
    }.sorted { ($1.runSeconds, $0.id) < ($0.runSeconds, $1.id) }
    return result
  }
}

extension [ThreadProfile] {
  fileprivate var running: Double { reduce(0) { $0 + $1.time.running } }
}
