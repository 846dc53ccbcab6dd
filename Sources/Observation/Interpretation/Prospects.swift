import AdvisorCore

/// What would change the time: estimates from the causes, with the interval that their assumptions leave.
struct Prospects {
  private let figures: ProfileFigures
  private let causes: [Cause]
  private let setting: Observation.Setting
  private var profile: TreeProfile { figures.profile }

  init(_ figures: ProfileFigures, _ causes: [Cause], _ setting: Observation.Setting) {
    self.figures = figures
    self.causes = causes
    self.setting = setting
  }

  /// One for each cause that a change helps against; for a healthy tree, what more CPUs would give.
  var changes: [Change] {
    causes.isEmpty ? [moreCPUs].compactMap(\.self) : causes.compactMap { change($0) }
  }

  private func change(_ cause: Cause) -> Change? {
    switch cause {
    case .quota(_, let cpus, _, _, let source): withoutQuota(cpus, source)
    case .runQueue(let share, _), .steal(let share): withoutNeighbours(share)
    case .affinity(_, let allowed, _): withoutAffinity(allowed)
    case .singleThread: Change(.threads, from: 1, to: Double(figures.cpus), command: pasted.tuned)
    case .serialPart: withoutSerialPart
    case .interpreterLock(_, _, let threads, let used): processes(threads, used)
    case .lock(let share, _, let used): lockHalved(share, used)
    case .memoryPressure(_, _, let limit, let source, _): moreMemory(limit, source)
    case .disk(let share, _, _): Change(.fasterDisk, from: 1, to: 2, speedup: spread(1 / (1 - share / 2)))
    case .network(let share): inFlight(share)
    case .oversubscription(_, let runnable, let cpus):
      Change(
        .threads, from: runnable.rounded(), to: Double(cpus),
        command: pasted.line(after: "exec") ?? "export $(advisor env)")
    case .memoryBandwidth:
      Change(.cacheBlocks, to: setting.cacheBytes.map(Double.init), command: pasted.tuned)
    case .sleep: nil
    }
  }

  private var pasted: PastedCommand { PastedCommand(words: setting.command) }

  private func spread(_ value: Double, by error: Double = 0.12) -> Change.Speedup {
    let gain = value - 1
    return Change.Speedup(
      low: max(1, 1 + gain * (1 - 2 * error) - error), value: value, high: 1 + gain * (1 + 2 * error) + error)
  }

  /// The time if what was runnable had had that many CPUs: waits stay, and the CPU time is spread over what could run at once.
  ///
  /// - Parameter gain: what each CPU after the first adds.
  private func speedup(onCPUs cpus: Double, gain: Double) -> Double {
    let active = profile.runnable.dropFirst().reduce(0, +)
    let counted = active + (profile.runnable.first ?? 0)
    guard active > 0, counted > 0 else { return 1 }
    let could = figures.mean { level in
      CPUGain.speed(of: min(Double(level), cpus), gain)
    }
    let waiting = profile.wall.sum * (counted - active) / counted
    let seconds = waiting + profile.threads.running / max(could * counted / active, 1e-9)
    return max(1, profile.wall.sum / max(seconds, 1e-9))
  }

  /// With all CPUs; the interval is that of what they add, and of the samples.
  private var onAllCPUs: Change.Speedup { onCPUs(Double(figures.cpus)) }

  private func onCPUs(_ cpus: Double) -> Change.Speedup {
    let gain = setting.gain
    return Change.Speedup(
      low: max(1, 0.9 * speedup(onCPUs: cpus, gain: gain.low)), value: speedup(onCPUs: cpus, gain: gain.value),
      high: 1.1 * speedup(onCPUs: cpus, gain: gain.high))
  }

  private func withoutQuota(_ cpus: Double, _ source: String) -> Change? {
    let none = source.hasSuffix("cpu.max") ? "max" : "-1"
    let command = PastedCommand.setting(source, to: none, property: "CPUQuota", "")
    return Change(
      .withoutQuota, from: cpus, to: Double(figures.cpus), speedup: onAllCPUs, basis: setting.gain.source,
      command: command)
  }

  private func withoutNeighbours(_ share: Double) -> Change {
    Change(
      .withoutNeighbours, speedup: spread(1 / max(0.02, 1 - share)),
      command: pasted.line(after: ["systemd-run", "--scope", "-p", "CPUWeight=1000", "--"]))
  }

  private func withoutAffinity(_ allowed: String) -> Change {
    let cpus = "0-\(figures.cpus - 1)"
    let command =
      pasted.line(after: ["taskset", "-c", cpus]) ?? setting.process.map { "taskset -a -c -p \(cpus) \($0)" }
    return Change(
      .withoutAffinity, from: Double(figures.allowed?.count ?? 1), to: Double(figures.cpus),
      speedup: onAllCPUs, basis: setting.gain.source, command: command)
  }

  /// Amdahl's law backwards: what one thread did alone spread over as many as worked at other times.
  private var withoutSerialPart: Change {
    let alone = figures.share(profile.wall.running) * figures.aloneShare
    let width = max(1, figures.width)
    func value(_ gain: Double) -> Double { 1 / (1 - alone * (1 - 1 / (1 + (width - 1) * gain))) }
    let gain = setting.gain
    return Change(
      .withoutSerialPart, from: 1, to: width.rounded(),
      speedup: Change.Speedup(
        low: max(1, 0.95 * value(gain.low)), value: value(gain.value), high: 1.05 * value(gain.high)),
      basis: gain.source)
  }

  /// Handing the lock round takes time too, which makes up for what CPUs that share cores lose.
  private func processes(_ threads: Int, _ used: Double) -> Change {
    let count = Double(min(threads, figures.cpus))
    let most = CPUGain.speed(of: count, setting.gain.high) / max(0.5, min(1, used))
    let least = CPUGain.speed(of: count, setting.gain.low)
    return Change(
      .processes, from: 1, to: count,
      speedup: Change.Speedup(low: 0.9 * least, value: most, high: 1.2 * most), basis: setting.gain.source)
  }

  /// Where somebody always waits, the lock is always held, and bounds the speed until the CPUs do; handing it over costs as
  /// much as before.
  private func lockHalved(_ share: Double, _ used: Double) -> Change {
    func bound(_ gain: Double) -> Double {
      max(1, CPUGain.speed(of: Double(figures.cpus), gain) / CPUGain.speed(of: max(used, 0.1), gain))
    }
    let gain = setting.gain
    return Change(
      .lockHalved,
      speedup: Change.Speedup(
        low: min(1.3, 0.9 * bound(gain.low)), value: min(1.75, bound(gain.value)),
        high: min(2.2, max(1.5, 1.2 * bound(gain.high)))),
      basis: gain.source)
  }

  /// How much faster memory is than what is read again, the samples do not tell.
  private func moreMemory(_ limit: Int?, _ source: String?) -> Change {
    let bytes = "\(2 * (limit ?? 0))"
    return Change(
      .moreMemory, from: limit.map(Double.init),
      command: source.map { PastedCommand.setting($0, to: bytes, property: "MemoryMax", bytes) })
  }

  /// Twice as many requests under way halve the wait, where the peer bears them.
  private func inFlight(_ share: Double) -> Change {
    let waiting = max(1, (profile.threads.network / max(profile.wall.network, 1e-9)).rounded())
    return Change(
      .inFlight, from: waiting, to: 2 * waiting, speedup: spread(1 / (1 - share / 2)), command: pasted.tuned)
  }

  private var moreCPUs: Change? {
    let used = figures.usedCPUs
    let cpus = Double(figures.cpus)
    guard used > 0.85 * cpus else { return nil }
    // Without more threads than CPUs there is nothing that would run on more.
    guard figures.runnable > 1.2 * cpus else {
      return Change(.moreCPUs, from: cpus, to: 2 * cpus, command: pasted.tuned)
    }
    return Change(
      .moreCPUs, from: cpus, to: 2 * cpus, speedup: onCPUs(2 * cpus), basis: setting.gain.source, command: pasted.tuned)
  }
}
