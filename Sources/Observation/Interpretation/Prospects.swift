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
    case .singleThread: Change(.threads, from: 1, to: Double(figures.cpus), command: pasted("tune --"))
    case .serialPart: withoutSerialPart
    case .interpreterLock(_, _, let threads, let used): processes(threads, used)
    case .lock(let share, _, let used): lockHalved(share, used)
    case .memoryPressure(let share, _, let limit, let source): moreMemory(share, limit, source)
    case .disk(let share): Change(.fasterDisk, from: 1, to: 2, speedup: spread(1 / (1 - share / 2)))
    case .network(let share): inFlight(share)
    case .oversubscription(_, let runnable, let cpus):
      Change(
        .threads, from: runnable.rounded(), to: Double(cpus),
        command: pasted("exec --") ?? "export $(advisor env)")
    case .memoryBandwidth, .sleep: nil
    }
  }

  private func pasted(_ verb: String) -> String? {
    setting.command.isEmpty ? nil : "advisor \(verb) \(setting.command.joined(separator: " "))"
  }

  private func spread(_ value: Double, by error: Double = 0.12) -> Change.Speedup {
    let gain = value - 1
    return Change.Speedup(low: max(1, 1 + gain * (1 - 2 * error) - error), value: value, high: 1 + gain * (1 + 2 * error) + error)
  }

  /// The time if what was runnable had had that many CPUs: waits stay, and the CPU time is spread over what could run at once.
  private func speedup(onCPUs cpus: Double) -> Double {
    let active = profile.runnable.dropFirst().reduce(0, +)
    let counted = active + (profile.runnable.first ?? 0)
    guard active > 0, counted > 0 else { return 1 }
    let could = figures.mean { min(Double($0), cpus) } * counted / active
    let waiting = profile.wall.sum * (counted - active) / counted
    let seconds = waiting + profile.threads.running / max(could, 1e-9)
    return max(1, profile.wall.sum / max(seconds, 1e-9))
  }

  private func withoutQuota(_ cpus: Double, _ source: String) -> Change? {
    let others = figures.neighbourCPUs ?? 0
    let free = max(cpus, Double(figures.cpus) - others)
    let best = speedup(onCPUs: Double(figures.cpus))
    let command =
      source.hasSuffix("cpu.max") ? "echo max > \(source)" : "echo -1 > \(source)"
    let speedup = Change.Speedup(low: 0.9 * min(best, speedup(onCPUs: free)), value: best, high: 1.1 * best)
    return Change(.withoutQuota, from: cpus, to: Double(figures.cpus), speedup: speedup, command: command)
  }

  private func withoutNeighbours(_ share: Double) -> Change {
    Change(.withoutNeighbours, speedup: spread(1 / max(0.02, 1 - share)), command: pasted("exec --"))
  }

  private func withoutAffinity(_ allowed: String) -> Change {
    let command = pasted("exec --") == nil ? nil : "taskset -c 0-\(figures.cpus - 1) \(setting.command.joined(separator: " "))"
    return Change(
      .withoutAffinity, from: Double(figures.allowed?.count ?? 1), to: Double(figures.cpus),
      speedup: spread(speedup(onCPUs: Double(figures.cpus)), by: 0.08), command: command)
  }

  /// Amdahl's law backwards: what one thread did alone spread over as many as worked at other times.
  private var withoutSerialPart: Change {
    let alone = figures.share(profile.wall.running) * figures.aloneShare
    let value = 1 / (1 - alone * (1 - 1 / max(1, figures.width)))
    return Change(.withoutSerialPart, from: 1, to: figures.width.rounded(), speedup: spread(value))
  }

  private func processes(_ threads: Int, _ used: Double) -> Change {
    let count = Double(min(threads, figures.cpus))
    return Change(
      .processes, from: 1, to: count,
      speedup: Change.Speedup(low: 0.7 * count, value: max(1, 0.95 * count / max(used, 0.5)), high: 1.5 * count))
  }

  /// Where somebody always waits, the lock is always held, and bounds the speed until the CPUs do.
  private func lockHalved(_ share: Double, _ used: Double) -> Change {
    let bound = max(1, Double(figures.cpus) / max(used, 0.1))
    return Change(
      .lockHalved, speedup: Change.Speedup(low: 1.2, value: min(1.85, bound), high: min(2.3, max(1.5, 1.2 * bound))))
  }

  private func moreMemory(_ share: Double, _ limit: Int?, _ source: String?) -> Change {
    let command = source.map { "echo \(2 * (limit ?? 0)) > \($0)" }
    return Change(
      .moreMemory, from: limit.map(Double.init), speedup: spread(1 / max(0.05, 1 - share), by: 0.3), command: command)
  }

  /// Twice as many requests under way halve the wait, where the peer bears them.
  private func inFlight(_ share: Double) -> Change {
    let waiting = max(1, (profile.threads.network / max(profile.wall.network, 1e-9)).rounded())
    return Change(.inFlight, from: waiting, to: 2 * waiting, speedup: spread(1 / (1 - share / 2)), command: pasted("tune --"))
  }

  private var moreCPUs: Change? {
    let used = figures.usedCPUs
    guard used > 0.85 * Double(figures.cpus) else { return nil }
    return Change(.moreCPUs, from: Double(figures.cpus), to: 2 * Double(figures.cpus), command: pasted("tune --"))
  }
}
