private import func Glibc.exp

/// Threads of ours on CPUs that others want too, before the kernel has evened out who gets how much (docs/model.md, 1.2).
struct ThreadPlacement: Sendable {
  /// With as many others as there are always, and with one more, which is there for a part of the time.
  private let crowds: [(crowd: Crowd, part: Double)]
  private let fewest: Int

  /// How long the kernel leaves them so: one task of 8, 16, 32, 82 and 326 ms beside two busy loops on 2 CPUs took 2, 1.98, 1.98,
  /// 1.69 and 1.57 times as long, where fair shares make 1.5.
  private static let balancingSeconds = 0.06
  /// How often ours lie apart: two threads beside one busy loop on 2 CPUs did in 31 of 44 runs of 10 to 150 ms.
  private static let timesApart = 0.75
  /// Where more others are on each CPU, one more or less hardly matters.
  private static let maxUneven = 8
  /// More on each CPU leave nothing, and could not be counted.
  private static let mostOthers = 1e6

  init(others: Double, cpus: Int) {
    let cpus = max(1, cpus)
    let others = others > 0 ? min(others, Self.mostOthers * Double(cpus)) : 0
    let (whole, part) = (Int(others), others - others.rounded(.down))
    crowds = [(Crowd(others: whole, cpus: cpus), 1 - part), (Crowd(others: whole + 1, cpus: cpus), part)]
    fewest = whole / cpus
  }

  /// CPUs' worth of time that a number of ours get, at most one a CPU, in the mean time of all placements.
  func share(_ ours: Int) -> Double { 1 / mean(apart: { 1 / $0.apart(ours) }, together: { 1 / $0.together(ours) }) }

  /// How many times as long equal tasks take as they would at that share, evenly.
  func unevenness(tasks: Int, workers: Int) -> Double {
    guard fewest < Self.maxUneven else { return 1 }
    let uneven = mean(
      apart: { $0.makespanApart(tasks: tasks, workers: workers) },
      together: { Self.waves(tasks, workers, share: $0.together) })
    return uneven / Self.waves(tasks, workers, share: share)
  }

  private func mean(apart: (Crowd) -> Double, together: (Crowd) -> Double) -> Double {
    crowds.reduce(0) { sum, place in
      guard place.part > 0 else { return sum }
      return sum + place.part * (Self.timesApart * apart(place.crowd) + (1 - Self.timesApart) * together(place.crowd))
    }
  }

  /// In the times that a task takes on a CPU of its own.
  private static func waves(_ tasks: Int, _ workers: Int, share: (Int) -> Double) -> Double {
    let (whole, rest) = tasks.quotientAndRemainder(dividingBy: workers)
    return Double(whole * workers) / share(workers) + (rest > 0 ? Double(rest) / share(rest) : 0)
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
  /// Others on each of the CPUs where the fewest are, where they lie evenly; one more is on each further CPU.
  let fewest: Int
  /// CPUs where the fewest are, at least one.
  let emptiest: Int

  init(others: Int, cpus: Int) {
    (self.others, self.cpus) = (others, cpus)
    fewest = others / cpus
    emptiest = cpus * (1 + fewest) - others
  }

  func apart(_ ours: Int) -> Double {
    let fast = min(ours, emptiest)
    return Double(fast) / Double(1 + fewest) + Double(ours - fast) / Double(2 + fewest)
  }

  func together(_ ours: Int) -> Double {
    let (threads, crowded) = (ours + others).quotientAndRemainder(dividingBy: cpus)
    let onCrowded = crowded * (threads + 1)
    guard ours > onCrowded else { return Double(ours) / Double(threads + 1) }
    return Double(crowded) + Double(ours - onCrowded) / Double(threads)
  }

  /// Of equal tasks, each worker taking the next when it is free; in the times that a task takes on a CPU of its own.
  func makespanApart(tasks: Int, workers: Int) -> Double {
    let fast = min(workers, emptiest)
    let slow = workers - fast
    let times = (fast: 1 + fewest, slow: 2 + fewest)
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
