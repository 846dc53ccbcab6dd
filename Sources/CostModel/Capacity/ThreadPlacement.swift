private import func Glibc.exp

/// Threads of ours on CPUs that others want too, before the kernel has evened out who gets how much (docs/model.md, 1.2).
///
/// The others lie as evenly as they can. Where CPUs with fewer of them are not enough for ours, either each of ours gets a CPU
/// and shares it with the others there, or ours share those CPUs with each other.
struct ThreadPlacement: Sendable {
  /// Others on each of the CPUs where the fewest are; one more is on each further CPU.
  private let fewest: Double
  /// CPUs where the fewest are: of a part of a thread, which is there for a part of the time, a part of one.
  private let emptiest: Double
  /// How long the kernel leaves them so: one task of 8, 16, 32, 82 and 326 ms beside two busy loops on 2 CPUs took 2, 1.9, 1.8, 1.6
  /// and 1.56 times as long, where fair shares make 1.5.
  private static let balancingSeconds = 0.06

  /// How often ours lie apart: two threads beside one busy loop on 2 CPUs did in 31 of 44 runs of 10 to 150 ms.
  private static let timesApart = 0.75

  /// Where more others are on each CPU, one more or less hardly matters.
  private static let maxUneven = 8.0

  init(others: Double, cpus: Int) {
    let cpus = Double(max(1, cpus))
    let others = others.isFinite ? max(0, others) : 0
    fewest = (others / cpus).rounded(.down)
    emptiest = cpus * (1 + fewest) - others
  }

  /// CPUs' worth of time that a number of ours get, at most one a CPU, in the mean time of both placements.
  func share(_ ours: Int) -> Double { 1 / Self.mean(1 / apart(ours), 1 / together(ours)) }

  /// How many times as long equal tasks take as they would at that share, evenly.
  func unevenness(tasks: Int, workers: Int) -> Double {
    guard fewest < Self.maxUneven else { return 1 }
    let apart = apart(workers) { fast in makespan(tasks: tasks, fast: fast, slow: workers - fast) }
    let uneven = Self.mean(apart, waves(tasks, workers, share: together))
    return uneven / waves(tasks, workers, share: share)
  }

  private static func mean(_ apart: Double, _ together: Double) -> Double {
    timesApart * apart + (1 - timesApart) * together
  }

  private func apart(_ ours: Int) -> Double {
    1 / apart(ours) { fast in 1 / (Double(fast) / (1 + fewest) + Double(ours - fast) / (2 + fewest)) }
  }

  /// The mean of what takes so long by how many of ours lie on the CPUs where the fewest others are.
  private func apart(_ ours: Int, seconds: (_ fast: Int) -> Double) -> Double {
    let fast = min(Double(ours), emptiest)
    let (few, part) = (Int(fast), fast - fast.rounded(.down))
    return part > 0 ? (1 - part) * seconds(few) + part * seconds(few + 1) : seconds(few)
  }

  private func together(_ ours: Int) -> Double {
    Double(ours) / (max(1, Double(ours) / emptiest) + fewest)
  }

  /// In the times that a task takes on a CPU of its own, as all further ones here.
  private func waves(_ tasks: Int, _ workers: Int, share: (Int) -> Double) -> Double {
    let (whole, rest) = tasks.quotientAndRemainder(dividingBy: workers)
    return Double(whole * workers) / share(workers) + (rest > 0 ? Double(rest) / share(rest) : 0)
  }

  /// How much of a run, of a number of seconds, has fair shares.
  static func evened(within seconds: Double) -> Double {
    guard seconds > 0 else { return 0 }
    let times = seconds / balancingSeconds
    return 1 - (1 - exp(-times)) / times
  }

  /// Each worker takes the next task when it is free.
  private func makespan(tasks: Int, fast: Int, slow: Int) -> Double {
    let times = (fast: 1 + fewest, slow: 2 + fewest)
    // Both are free together after a whole number of such cycles, of which only the last two need be followed.
    let cycle = fast * Int(times.slow) + slow * Int(times.fast)
    let skipped = max(0, tasks / cycle - 2)
    var left = tasks - skipped * cycle
    var free = (fast: 0.0, slow: 0.0)
    while left > 0 {
      if fast > 0, slow == 0 || free.fast <= free.slow {
        (left, free.fast) = (left - fast, free.fast + times.fast)
      } else {
        (left, free.slow) = (left - slow, free.slow + times.slow)
      }
    }
    return max(free.fast, free.slow) + Double(skipped) * times.fast * times.slow
  }
}
