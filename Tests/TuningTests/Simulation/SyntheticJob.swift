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

  init(_ random: inout Xoshiro, cpus: Int, family: Family) {
    (self.cpus, self.family) = (cpus, family)
    let count = max(16, 8 * cpus)
    let workers = (0...count).map { Double(max(1, $0)) }
    let active = workers.map { min($0, Double(cpus)) }
    let isMixed = family == .mixed
    func within(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.unit() }
    func power(_ low: Double, _ high: Double) -> Double { pow(10, within(low, high)) }
    func mixes(_ share: Double) -> Bool { isMixed && random.unit() < share }

    let serial = power(-3, -1.3)
    let work = 1 - serial
    var excess = random.unit() < 0.6 ? power(-3, -1.5) : 0
    var startUp = random.unit() < 0.5 ? power(-3.5, -2) : 0
    wall = active.map { serial + work / $0 }
    cpu = workers.map { _ in serial + work }
    if family == .wait || ((family == .outOfMemory || isMixed) && random.unit() < 0.5) {
      let waiting = within(0.2, 0.95)
      let rates = Self.throughput(cpu: 1 - waiting, waiting: waiting, cpus: Double(cpus), count: count)
      wall = rates.map { serial + work / $0 }
      cpu = workers.map { _ in serial + work * (1 - waiting) }
    }
    if family == .served {
      // Nearly all is waiting, for a server that takes no more than so many at once.
      let (waiting, most) = (within(0.85, 0.99), within(1, 6) * Double(cpus))
      let rates = Self.throughput(cpu: 1 - waiting, waiting: waiting, cpus: Double(cpus), count: count)
      wall = rates.map { serial + work / min($0, most) }
      cpu = workers.map { _ in serial + work * (1 - waiting) }
    }
    if family == .amdahl || mixes(0.4) {
      let share = within(0.1, 0.6)
      for n in wall.indices {
        wall[n] += share / (1 - share)
        cpu[n] += share / (1 - share)
      }
    }
    if family == .startUp { startUp = within(0, 0.2) } else if mixes(0.3) { startUp = within(0, 0.1) }
    if family == .bandwidth || mixes(0.3) {
      let knee = within(0.25, 0.9) * Double(cpus)
      let slowdown = active.map { pow(1 + pow($0 / knee, 6), 1.0 / 6) }
      for n in wall.indices {
        wall[n] = serial + (wall[n] - serial) * slowdown[n] / slowdown[1]
        cpu[n] = serial + (cpu[n] - serial) * slowdown[n] / slowdown[1]
      }
    }
    if family == .lock || mixes(0.3) {
      let (contention, coherency, spins) = (within(0.01, 0.2), power(-4.5, -1.7), random.unit() < 0.5)
      let base = wall[1] - serial
      for n in wall.indices {
        let holders = spins ? active[n] : workers[n]
        let usl = 1 + contention * (holders - 1) + coherency * holders * (holders - 1)
        wall[n] = serial + max(wall[n] - serial, base * usl / holders)
        if spins {
          cpu[n] = max(
            cpu[n], serial + (cpu[n] - serial) * min(usl, active[n] * (wall[n] - serial) / max(cpu[n] - serial, 1e-9)))
        }
      }
    }
    if family == .excess { excess = within(0.05, 1) }
    if family == .imbalance || mixes(0.15) {
      let sizes = Self.sizes(&random, count: Int(within(Double(cpus), 10 * Double(cpus))) + 1, spread: within(0.3, 1.2))
      for n in wall.indices {
        let makespan = Self.makespan(sizes, workers: max(1, min(n, sizes.count)), cpus: cpus)
        wall[n] = serial + (isMixed ? max(makespan, wall[n] - serial) : makespan)
      }
    }
    if family == .flat {
      let use = within(0.1, 1) * within(1, Double(cpus))
      (wall, cpu, excess, startUp) = (workers.map { _ in 1 }, workers.map { _ in use }, 0, 0)
    }
    for n in wall.indices {
      wall[n] += startUp * max(1, workers[n] / Double(cpus)) + 0.1 * startUp * workers[n]
      cpu[n] += 1.1 * startUp * workers[n]
    }
    if family == .served { othersSeconds = within(0.05, 0.5) * (wall.dropFirst().min() ?? 0) }
    let penaltyBurns = random.unit() < 0.5
    for n in wall.indices {
      let load = workers[n] / Double(cpus)
      let penalty =
        family == .wait || family == .served ? 1 + excess * max(0, load - 4) * 0.2 : 1 + excess * max(0, load - 1)
      wall[n] *= penalty
      if penaltyBurns { cpu[n] *= penalty }
      cpu[n] = min(cpu[n], 0.999 * Double(cpus) * wall[n])
    }
    let base = within(0.02, 0.2)
    var each = within(0.02, 1) / Double(cpus) * 0.01
    if family == .outOfMemory || mixes(0.2) {
      memoryLimit = 1
      // The first number that fails is one more than that.
      each = (1 - base) / (max(1, within(0.4, 3) * Double(cpus)) + 0.5)
    }
    memory = workers.map { base + each * $0 }
    let scale = within(2, 60)
    for n in wall.indices {
      wall[n] = n > 0 && memory[n] <= memoryLimit ? wall[n] * scale : .infinity
      cpu[n] *= scale
    }
    othersSeconds *= scale
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
