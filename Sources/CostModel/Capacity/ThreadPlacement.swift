private import func Glibc.exp

/// Threads of ours on CPUs that others want too: at first each shares the one that it lies on, in the end all get as much
/// (docs/model.md, 1.2).
struct ThreadPlacement: Sendable {
  private let others: Double
  private let cpus: Int
  /// How much of the run has fair shares.
  private let evened: Double
  /// With as many others as there are always, and with one more, which is there for a part of the time.
  private let crowds: [(crowd: Crowd, part: Double)]

  /// How long the kernel leaves them so: one task of 8, 16, 32, 82 and 326 ms beside two busy loops on 2 CPUs took 2, 1.98, 1.98,
  /// 1.69 and 1.57 times as long, where fair shares make 1.5.
  private static let balancingSeconds = 0.06
  /// How often ours lie apart: two threads beside one busy loop on 2 CPUs did in 31 of 44 runs of 10 to 150 ms.
  private static let timesApart = 0.75
  /// Where more others are on each CPU, one more or less hardly matters.
  private static let maxUneven = 8.0
  /// More on each CPU leave nothing, and could not be counted.
  private static let maxOthers = 1e6

  /// - Parameter others: threads of others that want a CPU.
  init(others: Double, cpus: Int, evened: Double = 0) {
    let cpus = max(1, cpus)
    let others = others > 0 ? min(others, Self.maxOthers * Double(cpus)) : 0
    (self.others, self.cpus, self.evened) = (others, cpus, evened)
    let (whole, part) = (Int(others), others - others.rounded(.down))
    crowds = [(Crowd(others: whole, cpus: cpus), 1 - part), (Crowd(others: whole + 1, cpus: cpus), part)]
  }

  init(_ load: OtherLoad?, cpus: Int) {
    self.init(others: load?.threads ?? 0, cpus: cpus, evened: load?.evened ?? 1)
  }

  /// CPUs' worth of time that a number of ours get, at most one a CPU.
  func share(_ ours: Int) -> Double {
    let fair = Double(ours) / FairShares(cpus: Double(cpus), own: Double(ours)).slowdown(beside: others)
    guard evened < 1 else { return fair }
    let first = firstShare(ours)
    return first + (fair - first) * evened
  }

  /// How many times as long equal tasks take as they would at that share, evenly.
  func unevenness(tasks: Int, workers: Int) -> Double {
    guard evened < 1, workers > 1, others / Double(cpus) < Self.maxUneven else { return 1 }
    let uneven = mean(
      apart: { $0.makespanApart(tasks: tasks, workers: workers) },
      together: { Self.waves(tasks, workers, share: $0.together) })
    return 1 + (uneven / Self.waves(tasks, workers, share: firstShare) - 1) * (1 - evened)
  }

  /// Before anything is evened out, in the mean time of all placements.
  private func firstShare(_ ours: Int) -> Double {
    1 / mean(apart: { 1 / $0.apart(ours) }, together: { 1 / $0.together(ours) })
  }

  private func mean(apart: (Crowd) -> Double, together: (Crowd) -> Double) -> Double {
    crowds.reduce(0) { sum, place in
      guard place.part > 0 else { return sum }
      return sum + place.part * (Self.timesApart * apart(place.crowd) + (1 - Self.timesApart) * together(place.crowd))
    }
  }

  /// In the times that a task takes on a CPU of its own.
  private static func waves(_ tasks: Int, _ workers: Int, share: (Int) -> Double) -> Double {
    Makespan.waves(tasks: tasks, workers: workers) { Double($0) / share($0) }
  }

  /// How much of a run, of a number of seconds, has fair shares.
  static func evened(within seconds: Double) -> Double {
    guard seconds > 0 else { return 0 }
    let times = seconds / balancingSeconds
    return 1 - (1 - exp(-times)) / times
  }
}

/// A whole number of others. Either these lie evenly and each of ours has a CPU, those with the fewest others first, or all lie
/// evenly, ours on as few CPUs as they can: 2 beside 1 on 2 CPUs get ½ and 1, or ½ each.
private struct Crowd: Sendable {
  let others, cpus: Int
  /// Others on each of the CPUs with the fewest, where they lie evenly; one more is on each further CPU.
  let minOthers: Int
  /// CPUs with that number, at least one.
  let sparseCPUs: Int

  init(others: Int, cpus: Int) {
    (self.others, self.cpus) = (others, cpus)
    minOthers = others / cpus
    sparseCPUs = cpus * (1 + minOthers) - others
  }

  func apart(_ ours: Int) -> Double {
    let fast = min(ours, sparseCPUs)
    return Double(fast) / Double(1 + minOthers) + Double(ours - fast) / Double(2 + minOthers)
  }

  func together(_ ours: Int) -> Double {
    let (threads, crowded) = (ours + others).quotientAndRemainder(dividingBy: cpus)
    let onCrowded = crowded * (threads + 1)
    guard ours > onCrowded else { return Double(ours) / Double(threads + 1) }
    return Double(crowded) + Double(ours - onCrowded) / Double(threads)
  }

  /// Of equal tasks, each worker taking the next when it is free; in the times that a task takes on a CPU of its own.
  func makespanApart(tasks: Int, workers: Int) -> Double {
    let fast = min(workers, sparseCPUs)
    let slow = workers - fast
    let times = (fast: 1 + minOthers, slow: 2 + minOthers)
    // All are free together after a whole number of such cycles, of which only the last two need be followed.
    let cycle = fast * times.slow + slow * times.fast
    let skipped = max(0, tasks / cycle - 2)
    var left = tasks - skipped * cycle
    var free = (fast: 0, slow: 0)
    while left > 0 {
      if slow == 0 || free.fast <= free.slow {
        (left, free.fast) = (left - fast, free.fast + times.fast)
      } else {
        (left, free.slow) = (left - slow, free.slow + times.slow)
      }
    }
    return Double(max(free.fast, free.slow)) + Double(skipped) * Double(times.fast * times.slow)
  }
}
