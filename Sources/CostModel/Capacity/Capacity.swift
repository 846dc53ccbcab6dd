import AdvisorCore

/// How much work a number of threads get done at once, in units of one quiet core (docs/model.md, 1.1).
struct Capacity: Sendable {
  /// What a second hardware thread adds to its core where it was not measured; 1.0–1.5 are found in practice.
  static let presumedSMTYield = 1.25

  /// What each further thread adds: the fastest core of each first, then their second hardware threads.
  private let totals: [Double]
  /// Measured over modelled speedup by workers, ascending.
  private let efficiency: [(workers: Int, ratio: Double)]
  /// What other processes leave of all that the CPUs could do, in the same units.
  private let left: Double
  /// Ours among the threads of others that want a CPU, of which there are none where nobody has looked.
  private let placement: ThreadPlacement
  /// How many of ours can want one at once.
  private let maxRunnable: Int
  /// Physical cores that may be used.
  let cores: Int
  /// Logical CPUs that may be used.
  let logicalCPUs: Int

  /// - Parameter speedups: as measured for one kernel; may be empty.
  /// - Parameter others: what other processes take.
  init(machine: Machine, speedups: [SpeedupPoint] = [], others: OtherLoad? = nil) {
    let cores = Self.coresOfUsableCPUs(machine)
    self.cores = cores.count
    logicalCPUs = cores.reduce(0) { $0 + $1.threads }
    let measured = speedups.filter { $0.speedup.value.isFinite && $0.speedup.value > 0 && $0.workers >= 1 }
      .sorted { $0.workers < $1.workers }
    let yield = Self.smtYield(cores: cores, measured: measured)
    let totals = Self.totals(cores: cores, yield: yield)
    self.totals = totals
    placement = ThreadPlacement(others, cpus: totals.count)
    maxRunnable = totals.count
    let share = others?.threads == nil ? others?.share ?? 0 : 0
    left = (totals.last ?? 0) / (totals.first ?? 1) * (1 - share)
    efficiency = measured.filter { $0.workers <= totals.count }.map {
      ($0.workers, min(1, max(0.2, $0.speedup.value / totals[$0.workers - 1])))
    }
  }

  /// Of threads that take turns at computing: however many, they do the work of one, less what passing the turn on costs.
  init(ofTurnsOn machine: Machine, _ measured: [RuntimeSpeedup], others: OtherLoad? = nil) {
    let cores = Self.coresOfUsableCPUs(machine)
    self.cores = cores.count
    let threads = cores.reduce(0) { $0 + $1.threads }
    logicalCPUs = threads
    totals = Array(repeating: 1, count: threads)
    left = 1
    maxRunnable = 1
    placement = ThreadPlacement(others, cpus: threads)
    efficiency = measured.filter { $0.speedup.value.isFinite && (1...max(1, threads)).contains($0.workers) }
      .sorted { $0.workers < $1.workers }.map { ($0.workers, min(1, max(0.2, $0.speedup.value))) }
  }

  /// The speedup of a number of busy threads over one, without any CPU quota.
  func speedup(_ workers: Int) -> Double {
    // Speedups measured beside other processes have lost to them already, which is why the lesser is taken, not the product.
    let free = workers > 1 ? min(quietSpeedup(workers), max(1, left)) : quietSpeedup(workers)
    return min(free, fairShare(workers))
  }

  /// CPUs that the scheduler gives a number of threads beside those of others; more of them than CPUs are not taken to crowd
  /// the others out.
  func fairShare(_ workers: Int) -> Double {
    placement.share(min(max(1, workers), maxRunnable))
  }

  /// How many times as long equal tasks take a number of threads, at most one a CPU, because others slow some of these more.
  func unevenness(tasks: Int, workers: Int) -> Double {
    workers <= maxRunnable ? placement.unevenness(tasks: tasks, workers: workers) : 1
  }

  /// The same with nothing else on the machine: what threads lose to each other costs them CPU time, what they lose to other
  /// processes does not.
  func quietSpeedup(_ workers: Int) -> Double {
    guard workers >= 1, !totals.isEmpty else { return 0 }
    guard workers > 1 else { return 1 }
    return totals[min(workers, totals.count) - 1] / totals[0] * efficiency(at: min(workers, totals.count))
  }

  /// The share of a quiet core that each of a number of busy threads gets.
  func share(_ workers: Int) -> Double { speedup(workers) / Double(max(1, workers)) }

  /// The least number of threads from which more add less than 1 %.
  var saturation: Int {
    let top = speedup(logicalCPUs)
    return (1...max(1, logicalCPUs)).first { speedup($0) >= 0.99 * top } ?? 1
  }

  /// Interpolated between the measured worker counts; beyond the last the ratio is presumed to stay.
  private func efficiency(at workers: Int) -> Double {
    guard let next = efficiency.firstIndex(where: { $0.workers >= workers }) else {
      return efficiency.last?.ratio ?? 1
    }
    let high = efficiency[next]
    let low = next > 0 ? efficiency[next - 1] : (workers: 1, ratio: 1)
    guard high.workers > low.workers else { return high.ratio }
    let fraction = Double(workers - low.workers) / Double(high.workers - low.workers)
    return low.ratio + fraction * (high.ratio - low.ratio)
  }

  private typealias Core = (speed: Double, threads: Int)

  /// The usable cores, fastest first, with how many of their hardware threads may be used.
  private static func coresOfUsableCPUs(_ machine: Machine) -> [Core] {
    let usable = machine.topology.filter { machine.cpus.usable.contains($0.id) }
    guard !usable.isEmpty else {
      return Array(repeating: (1, 1), count: max(machine.cpus.usable.count, machine.usable.logicalCPUs))
    }
    // CPUs of unknown core each count as one of their own.
    return Dictionary(grouping: usable) { $0.core ?? -1 - $0.id }.values
      .map { threads in (threads.map { $0.capacity > 0 ? $0.capacity : 1 }.max() ?? 1, threads.count) }
      .sorted { $0.speed > $1.speed }
  }

  private static func totals(cores: [Core], yield: Double) -> [Double] {
    let siblings = cores.flatMap { core in
      let others = core.threads - 1
      let speed = core.speed * (yield - 1) / Double(max(1, others))
      return Array(repeating: speed, count: others)
    }
    var total = 0.0
    return (cores.map(\.speed) + siblings).map { added in
      total += added
      return total
    }
  }

  /// What the measured speedup with all hardware threads busy says of the yield; see ``presumedSMTYield``.
  private static func smtYield(cores: [Core], measured: [SpeedupPoint]) -> Double {
    let threads = cores.reduce(0) { $0 + $1.threads }
    let fastest = cores.first?.speed ?? 1
    let whole = cores.reduce(0) { $0 + $1.speed } / fastest
    guard threads > cores.count, let full = measured.last(where: { $0.workers >= threads }), whole > 0
    else { return presumedSMTYield }
    let alone = measured.last { $0.workers == cores.count }.map { $0.speedup.value } ?? whole
    return min(2, max(1, full.speedup.value / alone))
  }
}
