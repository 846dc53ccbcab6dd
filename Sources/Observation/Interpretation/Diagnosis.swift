import AdvisorCore

/// Finds what binds: each cause with the share of the time that it takes, as far as that is worth a word.
///
/// A wait takes the time in which threads wait for it. A cause that explains another's figures takes them over: a quota the
/// queue of throttled threads, a Python lock the queue of those that it wakes, short memory the disk that it reads again.
struct Diagnosis {
  private let figures: ProfileFigures
  private let setting: Observation.Setting
  private var profile: TreeProfile { figures.profile }

  /// What takes less of the time is not worth a change.
  private static let minShare = 0.2
  /// Neighbours come and go, and nothing runs without some.
  private static let minNeighbourShare = 0.34
  private static let minNeighbourCPUs = 0.25
  /// CPUs are all in use, as far as a tree can use them.
  private static let fullUse = 0.85

  init(_ figures: ProfileFigures, _ setting: Observation.Setting) {
    self.figures = figures
    self.setting = setting
  }

  /// Largest first; what dominates another comes alone.
  var causes: [Cause] {
    let interpreter = interpreterLock
    let memory = memoryPressure
    let candidates = [
      quota, steal, interpreter, memory, memoryBandwidth, affinity, oversubscription,
      interpreter == nil ? neighbours : nil, interpreter == nil ? lock : nil, memory == nil ? disk : nil, network,
      sleep,
      interpreter == nil ? oneAtATime : nil,
    ]
    return candidates.compactMap(\.self).sorted { $0.share > $1.share }
  }

  private func worth(_ share: Double, atLeast min: Double = minShare) -> Double? {
    share >= min ? Swift.min(1, share) : nil
  }

  private var quota: Cause? {
    guard let quota = figures.quota, quota.throttledPeriods >= 0.1,
      let share = worth(figures.share(figures.throttled))
    else { return nil }
    return .quota(
      share: share, cpus: quota.cpus, usedCPUs: figures.usedCPUs, throttledPeriods: quota.throttledPeriods,
      source: quota.source)
  }

  private var steal: Cause? { worth(figures.share(figures.stolen)).map { .steal(share: $0) } }

  private var neighbours: Cause? {
    // Who has no CPU keeps nobody waiting: then the tree's own short processes make the queue.
    let others = figures.neighbourCPUs
    guard others.map({ $0 > Self.minNeighbourCPUs }) ?? true else { return nil }
    let share = figures.share(profile.wall.queue) * figures.neighbourShare
    return worth(share, atLeast: Self.minNeighbourShare).map {
      .runQueue(share: $0, neighbourCPUs: others)
    }
  }

  private var affinity: Cause? {
    guard let allowed = figures.allowed, allowed.count < figures.cpus,
      let share = worth(figures.share(profile.wall.queue) * figures.affinityShare)
    else { return nil }
    return .affinity(share: share, allowed: allowed.description, runnable: figures.runnable)
  }

  /// More than twice as many as CPUs: fewer waste nothing worth a word where each has work of its own.
  private var oversubscription: Cause? {
    let share = figures.share(profile.wall.queue) * figures.crowdShare
    guard figures.runnable > 2.2 * Double(figures.cpus), let share = worth(share) else { return nil }
    return .oversubscription(share: share, runnable: figures.runnable, cpus: figures.cpus)
  }

  /// Locks bind where they leave CPUs free.
  private var lock: Cause? {
    guard figures.usedCPUs < Self.fullUse * Double(figures.cpus) else { return nil }
    let share = figures.share(profile.wall.lock)
    let waiting = profile.threads.lock / max(profile.wall.sum, 1e-9)
    if let share = worth(share) { return .lock(share: share, waiting: waiting, usedCPUs: figures.usedCPUs) }
    return handedRound
  }

  /// A lock of a language's own, which looks like a condition: threads of one process that wait briefly and often, while about
  /// one of them works, and not always the same.
  private var handedRound: Cause? {
    guard let process = profile.processes.first, figures.aloneShare > 0.5, let top = process.threads.first else {
      return nil
    }
    let working = process.threads.filter { $0.time.running > 0.1 * process.runSeconds }
    let waits = working.reduce(0) { $0 + $1.briefConditionSeconds }
    guard working.count > 1, process.runSeconds > 0.5 * profile.wall.sum, top.time.running < 0.6 * process.runSeconds,
      let share = worth(waits / max(waits + process.runSeconds, 1e-9)),
      working.allSatisfy({ $0.slices > 50 * Int(profile.wall.sum) })
    else { return nil }
    return .lock(share: share, waiting: waits / max(profile.wall.sum, 1e-9), usedCPUs: figures.usedCPUs)
  }

  /// Several threads of a Python process that work, together on about one CPU, and wait for words in memory between.
  private var interpreterLock: Cause? {
    guard let process = profile.processes.first(where: \.isPython), profile.wall.sum > 0 else { return nil }
    let run = process.runSeconds
    let working = process.threads.filter { $0.time.running > 0.02 * run && $0.slices > 10 }
    let waits = working.reduce(0) { $0 + $1.briefConditionSeconds + $1.time.lock }
    let queue = working.reduce(0) { $0 + $1.time.queue }
    let used = run / profile.wall.sum
    guard working.count > 1, run > 0.5 * profile.threads.running, (0.6...1.2).contains(used), waits > 0.1 * run,
      waits + queue > 0.3 * run,
      let share = worth((waits + queue) / (waits + queue + run))
    else { return nil }
    return .interpreterLock(share: share, process: process.name, threads: working.count, usedCPUs: used)
  }

  /// Pages that are read again and again while the cgroup is at its limit, or the machine swaps: the faults' waits, and what
  /// the kernel computes to make room.
  private var memoryPressure: Cause? {
    guard let last = profile.last, profile.wall.sum > 0 else { return nil }
    let faults = Double(profile.majorFaults) / profile.wall.sum
    let hits = (last.memory?.hits ?? 0) - (profile.firstMemory?.hits ?? 0)
    let swapped = (last.swappedPages ?? 0) - (profile.firstSwappedPages ?? last.swappedPages ?? 0)
    guard faults > 100, hits > 0 || Double(swapped) > 0.2 * Double(profile.majorFaults) else { return nil }
    let kernel = profile.wall.running * profile.kernelSeconds / max(profile.cpuSeconds, 1e-9)
    guard let share = worth(figures.share(profile.wall.disk + kernel)) else { return nil }
    let isLimited = hits > 0
    return .memoryPressure(
      share: share, faultsPerSecond: faults, limitBytes: isLimited ? last.memory?.limitBytes : nil,
      source: isLimited ? last.memory?.source : nil, stalledShare: profile.stalledShare(\.memory))
  }

  private var memoryBandwidth: Cause? {
    guard let memory = setting.memory, let traffic = MemoryTraffic(profile, setting) else { return nil }
    let most = memory.bytesPerSecond(threads: figures.usedCPUs.rounded(.up))
    guard let bound = traffic.boundShare(of: most, profile.hardware),
      let share = worth(figures.share(profile.wall.running) * bound)
    else { return nil }
    return .memoryBandwidth(
      share: share, bytesPerSecond: traffic.bytesPerSecond, maxBytesPerSecond: most,
      instructionsPerCycle: profile.hardware?.instructionsPerCycle)
  }

  private var disk: Cause? {
    let moved = profile.transfers.map { Double($0.diskReadBytes + $0.diskWrittenBytes) / max(profile.seconds, 1e-9) }
    return worth(figures.share(profile.wall.disk)).map {
      .disk(share: $0, bytesPerSecond: moved, stalledShare: profile.stalledShare(\.io))
    }
  }
  private var network: Cause? { worth(figures.share(profile.wall.network)).map { .network(share: $0) } }
  private var sleep: Cause? { worth(figures.share(profile.wall.sleep)).map { .sleep(share: $0) } }

  /// One thread works while other CPUs could: always, or between the times in which several do.
  private var oneAtATime: Cause? {
    let running = figures.share(profile.wall.running) * figures.aloneShare
    guard figures.cpus > 1, let top = profile.processes.first, let share = worth(running) else { return nil }
    let hottest = top.threads.first?.time.running ?? 0
    let isHot = hottest > 0.8 * profile.threads.running
    if isHot || figures.aloneShare > 0.9 {
      let thread = isHot ? top.threads.first?.id : nil
      let idle = max(0, Double(figures.cpus) - figures.usedCPUs)
      return .singleThread(
        share: isHot ? figures.share(profile.wall.running) : share, process: isHot ? top.name : "", thread: thread,
        idleCPUs: idle)
    }
    return .serialPart(share: share, width: figures.width)
  }
}
