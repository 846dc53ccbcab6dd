package import AdvisorCore

/// Chooses how many tasks run at once: first from what a few tasks use, then from measured throughput.
///
/// A pure state machine over what it is told; it reads no clock and no file.
///
/// - The pilot: as many tasks as there are CPUs. A task that computes for `c` and waits for `w` leaves room for
///   `1 + w/c` like it on a CPU; where it mostly waits, twice that: tasks that have met at the CPUs wait together, too. While
///   none has ended, CPUs that are idle between two looks get more at once: staggered, fewer tasks meet.
/// - Then windows of throughput: a step to more workers is kept only if it gains more than noise explains, and workers
///   that only queue (Little's law: throughput × a task's time when it ran alone is what was at work) are let go.
/// - Always: memory for all of them, and the caps that the system sets.
package struct WorkerController: Sendable {
  package enum Event {
    /// The pilot's tasks, still running, were looked at.
    case looked([Usage])
    /// All workers were at work since the last look, and that many CPUs were idle.
    case idle(cpus: Double)
    /// CPUs that have lately been idle, whoever else uses the machine.
    case machineIdle(cpus: Double)
    case ended(Usage)
    /// The system refused to start one more than those running.
    case refused(running: Int)
    /// The kernel killed a task for want of memory, with that many running.
    case shortOfMemory(running: Int)
    /// The user asks for more, or below 0 for fewer, and from now on for no other number.
    case asked(more: Int)
    /// The user wants this number, and from now on no other.
    case wanted(workers: Int)
  }

  /// A new number of workers, and why.
  package struct Change: Hashable {
    var workers: Int
    var reason: ConcurrencyReason
  }

  package private(set) var workers: Int
  package private(set) var reason: ConcurrencyReason
  /// What the tasks ask for, and why, before the caps: memory may allow more again when smaller ones have ended.
  private var wish: Change
  private let limits: Limits
  private var isFixed: Bool
  private var pilot = Total()
  /// Tasks whose ends end the pilot; nil after it.
  private var pilotSize: Int?
  /// Whether those that ran at the last look had mostly computed, or queued for a CPU.
  private var pilotComputes = false
  /// The room for tasks like the first that ended.
  private var firstRoom = 0
  private var alone = ThroughputSearch.Alone(seconds: 0, tasks: 1)
  private var memories = PeakMemories()
  /// What the pilot's tasks held when they were looked at last.
  private var memoriesSeen = PeakMemories()
  /// Of all that were looked at last, and whether that was much more than at the look before.
  private var memoryLooked = 0.0
  private var isGrowing = false
  private var systemCap = Int.max
  private var shortage = MemoryShortage()
  private var search = ThroughputSearch()

  /// - Parameters:
  ///   - fixed: the user's own number, which no measurement changes.
  ///   - expected: what an earlier run of the same has ended with: the size of the pilot, within reason.
  package init(limits: Limits, fixed: Int? = nil, expected: Int? = nil) {
    self.limits = limits
    isFixed = fixed != nil
    let cpus = Self.whole(limits.cpus.rounded(.up))
    let start = max(cpus, min(expected ?? 0, max(Self.maxExpected, 4 * cpus)))
    workers = max(1, min(fixed ?? start, limits.maxWorkers))
    pilotSize = fixed == nil ? workers : nil
    reason = fixed != nil ? .requested : start > cpus ? .pastRun(workers: workers) : .pilot
    if let fixed, fixed > limits.maxWorkers { reason = .limit(limit: limits.limit) }
    wish = Change(workers: workers, reason: reason)
  }

  /// Seconds that a program computes to start, beside many others.
  private static let startSeconds = 0.02
  /// More than an earlier run's number lets in at once, this run's own first tasks must ask for.
  private static let maxExpected = 16

  /// The largest number that there can ever be.
  var maxWorkers: Int { limits.maxWorkers }

  /// Whether the tasks under way are worth a look.
  var isPilot: Bool { pilotSize != nil }

  /// Whether it matters how many CPUs are idle.
  var isSearching: Bool { !isPilot && !isFixed }

  /// Takes in what happened at a time, in seconds, and returns the change that follows from it.
  package mutating func handle(_ event: Event, at now: Double) -> Change? {
    let before = workers
    switch event {
    case .refused(let running):
      systemCap = max(1, running)
      set(systemCap, .refused)
    case .shortOfMemory(let running):
      shortage.add(running: running, at: now)
      keepWithinCaps()
    case .asked(let more): fix(workers + more)
    case .wanted(let count): fix(count)
    case .looked(let usages): look(at: usages)
    case .idle(let cpus): fill(cpus)
    case .machineIdle(let cpus): search.idleCPUs = cpus
    case .ended(let usage): end(usage, now)
    }
    return workers == before ? nil : Change(workers: workers, reason: reason)
  }

  private mutating func fix(_ wanted: Int) {
    (isFixed, pilotSize) = (true, nil)
    workers = max(1, min(wanted, limits.maxWorkers))
    reason = wanted > limits.maxWorkers ? .limit(limit: limits.limit) : .requested
    wish = Change(workers: workers, reason: reason)
  }

  private mutating func look(at usages: [Usage]) {
    guard isPilot else { return }
    var (total, running) = (pilot, Total())
    memoriesSeen = PeakMemories()
    for usage in usages where usage.wallSeconds >= limits.minLookSeconds {
      total.add(usage)
      if usage.wallSeconds >= Self.startSeconds { running.add(usage) }
      memoriesSeen.add(bytes: usage.memoryBytes)
    }
    pilotComputes = running.count > 0 && running.waitShare <= 0.5
    let memoryBytes = usages.reduce(0) { $0 + $1.memoryBytes }
    isGrowing = memoryBytes > 1.05 * memoryLooked + 0x1p24
    memoryLooked = memoryBytes
    // Tasks that still take memory may wait for it, and nobody knows how much more they take.
    guard total.count > 0, !isGrowing else { return keepWithinCaps() }
    // Only upwards.
    let room = min(roomFor(total), limits.maxByLook)
    if room > wish.workers { set(room, .waiting(share: total.waitShare)) } else { keepWithinCaps() }
  }

  private mutating func fill(_ idle: Double) {
    guard isPilot, !isGrowing, workers < limits.maxByLook, idle >= 0.75 else { return }
    // Two for each CPU: they show only at the look after the next.
    set(workers + min(Self.whole(2 * idle), limits.maxByLook - workers), .idleCPUs)
  }

  private mutating func end(_ usage: Usage, _ now: Double) {
    memories.add(bytes: usage.memoryBytes)
    shortage.taskEnded()
    guard !isFixed else { return }
    if let size = pilotSize {
      pilot.add(usage)
      // Of many that wait side by side the first to end are the shortest: a full round of them tells what they are like.
      if pilot.count == size { firstRoom = roomFor(pilot) }
      guard pilot.count >= (pilotComputes ? size : max(size, workers)) else { return keepWithinCaps() }
      pilotSize = nil
      // Without what they queued for a CPU: others may have been let in beside them.
      alone = .init(seconds: (pilot.waitSeconds + pilot.cpuSeconds) / Double(pilot.count), tasks: pilot.count)
      let former = workers
      // Waits beside many may be for each other, and are no reason for many more.
      set(min(roomFor(pilot), max(firstRoom, limits.maxByLook)), .waiting(share: pilot.waitShare))
      search.restart(at: now, beside: max(former, workers))
    } else {
      let (former, proposal) = (workers, search.add(usage, now, workers, limits.cpus, alone))
      if let proposal { wish = proposal }
      keepWithinCaps()
      if proposal != nil || workers != former { search.restart(at: now, beside: max(former, workers)) }
    }
  }

  /// Of CPUs that are busy for so much of the time, more workers get no more.
  static let busyShare = 0.85

  /// Workers that keep the CPUs busy with tasks like these.
  private func roomFor(_ total: Total) -> Int {
    let ratio = total.waitSeconds / max(total.cpuSeconds, 1e-6)
    var wanted = Self.whole((limits.cpus * (1 + ratio) * (1 + min(1, ratio))).rounded())
    // Where these few keep the CPUs busy, they have queued while they seem to have waited: as a shell has for its child.
    if total.busyCPUs >= Self.busyShare * limits.cpus { wanted = min(wanted, workers) }
    // More tasks than one thread can start and end in a task's time would only wait for it.
    guard total.dispatchSeconds > 0 else { return wanted }
    return min(wanted, Self.whole(1 + total.wallSeconds / total.dispatchSeconds))
  }

  private mutating func set(_ wanted: Int, _ cause: ConcurrencyReason) {
    wish = Change(workers: wanted, reason: cause)
    keepWithinCaps()
  }

  /// Sets the number within all caps; the reason is then that of the tightest one.
  private mutating func keepWithinCaps() {
    let memoryCap = memoryCap()
    let least = min(wish.workers, limits.maxWorkers, systemCap, memoryCap, shortage.cap)
    workers = max(1, isFixed ? min(workers, least) : least)
    reason =
      switch least {
      case shortage.cap: .memoryExhausted
      case memoryCap: .memory
      case systemCap: .refused
      case limits.maxWorkers: .limit(limit: limits.limit)
      default: wish.reason
      }
  }

  /// What a task takes in the mean, in bytes; 0 while that is unknown.
  var memoryPerTask: Double { knownMemories.mean }

  /// Of the tasks that have ended; while few have, of those that run, too.
  private var knownMemories: PeakMemories { isPilot ? memories.adding(memoriesSeen) : memories }

  /// Tasks that fit in memory together; while few have ended, beside a reserve.
  ///
  /// Later the guard keeps the reserve, by what is in use.
  private func memoryCap() -> Int {
    guard let memoryBytes = limits.memoryBytes, !isFixed else { return .max }
    let reserve = isPilot ? MemoryGuard.reserve(of: memoryBytes) : 0
    return knownMemories.fitting(in: memoryBytes - reserve).map { Self.whole($0.rounded(.down)) } ?? .max
  }

  private static func whole(_ value: Double) -> Int { value < 1e6 ? max(1, Int(value)) : 1_000_000 }
}
