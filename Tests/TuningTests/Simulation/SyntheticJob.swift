import Foundation
import Statistics

/// A job whose true times are known: wall, CPU time and memory for every number of workers. The families are written apart from the
/// tuner's own curves: mean value analysis of a closed network, list scheduling, knees and locks.
struct SyntheticJob {
  enum Family: String, CaseIterable, Sendable {
    case cpu, wait, amdahl, startUp, bandwidth, lock, excess, imbalance, flat, outOfMemory, mixed, served
  }

  let cpus: Int
  let family: Family
  /// Indexed by the number of workers; infinite at 0 and where the job fails.
  private(set) var wall: [Double]
  private(set) var cpu: [Double]
  private(set) var memory: [Double]
  private(set) var memoryLimit = Double.infinity
  /// CPU seconds of others in each run: of the server that the job waits for.
  private(set) var othersSeconds = 0.0

  var maxWorkers: Int { wall.count - 1 }
  /// Nobody wants to run within a twentieth of the memory limit.
  var best: Double { wall.indices.filter { memory[$0] < 0.95 * memoryLimit }.map { wall[$0] }.min() ?? .nan }
  /// The number of CPUs, or the largest number below that works.
  var start: Int { (1...cpus).last { wall[$0].isFinite } ?? 1 }

  /// Seconds of one worker that no other can take from it, of one second in all.
  private let serial: Double
  /// By how much each worker beyond the CPUs slows all down, and what starting a worker takes, as shares.
  private var excess: Double
  private var startUp: Double
  /// Workers of each number, at least one, and those that have a CPU.
  private let workers: [Double]
  private let active: [Double]

  init(_ random: inout Xoshiro, cpus: Int, family: Family) {
    (self.cpus, self.family) = (cpus, family)
    let workers = (0...max(16, 8 * cpus)).map { Double(max(1, $0)) }
    let active = workers.map { min($0, Double(cpus)) }
    let serial = random.power(-3, -1.3)
    excess = random.unit() < 0.6 ? random.power(-3, -1.5) : 0
    startUp = random.unit() < 0.5 ? random.power(-3.5, -2) : 0
    wall = active.map { serial + (1 - serial) / $0 }
    cpu = workers.map { _ in serial + (1 - serial) }
    memory = []
    (self.workers, self.active, self.serial) = (workers, active, serial)
    wait(&random)
    addSerialPart(&random)
    drawStartUp(&random)
    shareBandwidth(&random)
    shareLock(&random)
    if family == .excess { excess = random.within(0.05, 1) }
    leaveImbalance(&random)
    flatten(&random)
    startWorkers()
    if family == .served { othersSeconds = random.within(0.05, 0.5) * (wall.dropFirst().min() ?? 0) }
    oversubscribe(&random)
    fillMemory(&random)
    scale(by: random.within(2, 60))
  }

  /// Whether a family's trait is part of the job: its own family's is, and by chance one of a mixed job.
  private func has(_ family: Family, orMixed share: Double, _ random: inout Xoshiro) -> Bool {
    self.family == family || self.family == .mixed && random.unit() < share
  }

  private mutating func wait(_ random: inout Xoshiro) {
    if family == .wait || ((family == .outOfMemory || family == .mixed) && random.unit() < 0.5) {
      wait(random.within(0.2, 0.95), maxRate: .infinity)
    }
    if family == .served {
      // Nearly all is waiting, for a server that takes a limited number at once.
      let waiting = random.within(0.85, 0.99)
      wait(waiting, maxRate: random.within(1, 6) * Double(cpus))
    }
  }

  /// - Parameter waiting: the share of the parallel work that is waiting.
  private mutating func wait(_ waiting: Double, maxRate: Double) {
    let rates = Self.throughput(cpu: 1 - waiting, waiting: waiting, cpus: Double(cpus), count: maxWorkers)
    wall = rates.map { serial + (1 - serial) / min($0, maxRate) }
    cpu = workers.map { _ in serial + (1 - serial) * (1 - waiting) }
  }

  private mutating func addSerialPart(_ random: inout Xoshiro) {
    guard has(.amdahl, orMixed: 0.4, &random) else { return }
    let share = random.within(0.1, 0.6)
    for n in wall.indices {
      wall[n] += share / (1 - share)
      cpu[n] += share / (1 - share)
    }
  }

  private mutating func drawStartUp(_ random: inout Xoshiro) {
    guard has(.startUp, orMixed: 0.3, &random) else { return }
    startUp = random.within(0, family == .startUp ? 0.2 : 0.1)
  }

  private mutating func shareBandwidth(_ random: inout Xoshiro) {
    guard has(.bandwidth, orMixed: 0.3, &random) else { return }
    let knee = random.within(0.25, 0.9) * Double(cpus)
    let slowdown = active.map { pow(1 + pow($0 / knee, 6), 1.0 / 6) }
    for n in wall.indices {
      wall[n] = serial + (wall[n] - serial) * slowdown[n] / slowdown[1]
      cpu[n] = serial + (cpu[n] - serial) * slowdown[n] / slowdown[1]
    }
  }

  private mutating func shareLock(_ random: inout Xoshiro) {
    guard has(.lock, orMixed: 0.3, &random) else { return }
    let (contention, coherency) = (random.within(0.01, 0.2), random.power(-4.5, -1.7))
    let spins = random.unit() < 0.5
    let base = wall[1] - serial
    for n in wall.indices {
      let holders = spins ? active[n] : workers[n]
      let usl = 1 + contention * (holders - 1) + coherency * holders * (holders - 1)
      wall[n] = serial + max(wall[n] - serial, base * usl / holders)
      guard spins else { continue }
      let busy = active[n] * (wall[n] - serial) / max(cpu[n] - serial, 1e-9)
      cpu[n] = max(cpu[n], serial + (cpu[n] - serial) * min(usl, busy))
    }
  }

  private mutating func leaveImbalance(_ random: inout Xoshiro) {
    guard has(.imbalance, orMixed: 0.15, &random) else { return }
    let count = Int(random.within(Double(cpus), 10 * Double(cpus))) + 1
    let spread = random.within(0.3, 1.2)
    let sizes = Self.sizes(&random, count: count, spread: spread)
    for n in wall.indices {
      let makespan = Self.makespan(sizes, workers: max(1, min(n, sizes.count)), cpus: cpus)
      wall[n] = serial + (family == .mixed ? max(makespan, wall[n] - serial) : makespan)
    }
  }

  private mutating func flatten(_ random: inout Xoshiro) {
    guard family == .flat else { return }
    let use = random.within(0.1, 1) * random.within(1, Double(cpus))
    (wall, cpu, excess, startUp) = (workers.map { _ in 1 }, workers.map { _ in use }, 0, 0)
  }

  private mutating func startWorkers() {
    for n in wall.indices {
      wall[n] += startUp * max(1, workers[n] / Double(cpus)) + 0.1 * startUp * workers[n]
      cpu[n] += 1.1 * startUp * workers[n]
    }
  }

  /// More workers than CPUs slow each other down.
  private mutating func oversubscribe(_ random: inout Xoshiro) {
    let penaltyBurns = random.unit() < 0.5
    for n in wall.indices {
      let load = workers[n] / Double(cpus)
      let penalty =
        family == .wait || family == .served ? 1 + excess * max(0, load - 4) * 0.2 : 1 + excess * max(0, load - 1)
      wall[n] *= penalty
      if penaltyBurns { cpu[n] *= penalty }
      cpu[n] = min(cpu[n], 0.999 * Double(cpus) * wall[n])
    }
  }

  private mutating func fillMemory(_ random: inout Xoshiro) {
    let base = random.within(0.02, 0.2)
    var each = random.within(0.02, 1) / Double(cpus) * 0.01
    if has(.outOfMemory, orMixed: 0.2, &random) {
      memoryLimit = 1
      // The first number that fails is one more than that.
      each = (1 - base) / (max(1, random.within(0.4, 3) * Double(cpus)) + 0.5)
    }
    memory = workers.map { base + each * $0 }
  }

  /// From shares to seconds; what does not fit in memory never ends.
  private mutating func scale(by seconds: Double) {
    for n in wall.indices {
      wall[n] = n > 0 && memory[n] <= memoryLimit ? wall[n] * seconds : .infinity
      cpu[n] *= seconds
    }
    othersSeconds *= seconds
  }

  func regret(_ workers: Int) -> Double {
    workers < wall.count && wall[workers].isFinite ? max(0, wall[workers] / best - 1) : 1
  }

  /// Tasks that each take a CPU and wait, of n workers: exact mean value analysis, with Seidmann's approximation of several CPUs.
  private static func throughput(cpu: Double, waiting: Double, cpus: Double, count: Int) -> [Double] {
    var (rates, queue) = ([1.0], 0.0)
    for n in 1...count {
      let response = cpu / cpus * (1 + queue)
      let rate = Double(n) / (response + cpu * (cpus - 1) / cpus + waiting)
      queue = rate * response
      rates.append(rate)
    }
    rates[0] = rates[1]
    return rates
  }

  private static func sizes(_ random: inout Xoshiro, count: Int, spread: Double) -> [Double] {
    let sizes = (0..<count).map { _ in exp(spread * random.normal()) }
    return sizes.map { $0 / sizes.reduce(0, +) }
  }

  /// A pool that takes the tasks in their order; more workers than CPUs share these.
  private static func makespan(_ sizes: [Double], workers: Int, cpus: Int) -> Double {
    var left = Array(sizes.prefix(workers))
    var (next, time) = (left.count, 0.0)
    while let shortest = left.min() {
      time += shortest * max(1, Double(left.count) / Double(cpus))
      left = left.compactMap { size in
        if size - shortest > 1e-12 { return size - shortest }
        guard next < sizes.count else { return nil }
        next += 1
        return sizes[next - 1]
      }
    }
    return time
  }
}

extension Xoshiro {
  fileprivate mutating func within(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
  fileprivate mutating func power(_ low: Double, _ high: Double) -> Double { pow(10, within(low, high)) }
}
