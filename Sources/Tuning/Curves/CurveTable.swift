private import func Glibc.log10
private import func Glibc.pow
internal import Statistics

/// Logarithms of the times of many plausible curves, each at every number of workers that is a candidate.
struct CurveTable: Sendable {
  /// Seconds for which a command waits for each in which it computes, at most.
  static let maxWaiting = 31.6

  /// How many curves are told apart: with half of them the regret of the choice is a fifth higher.
  static let standardCount = 8000

  /// What a candidate's time is.
  enum Measure: Sendable { case wall, cpu }

  let cpus: Int
  let measure: Measure
  let curves: [Curve]
  /// What is minimized, candidate after candidate, and of each candidate curve after curve.
  private(set) var time: [Double] = []
  private(set) var cpu: [Double] = []

  /// - Parameters:
  ///   - count: curves.
  ///   - cpus: CPUs that the command may use.
  ///   - measure: what is minimized.
  ///   - seed: the same seed gives the same curves for any candidates.
  init(count: Int = standardCount, cpus: Int, measure: Measure = .wall, seed: UInt64 = 1) {
    (self.cpus, self.measure) = (cpus, measure)
    var random = Xoshiro(seed: seed)
    curves = (0..<count).map { _ in Curve(random: &random, cpus: Double(cpus)) }
  }

  /// A table of one curve, on which all candidates are alike.
  static var flat: CurveTable { CurveTable(cpus: 1, curves: [Curve(flatUse: 1)]) }

  private init(cpus: Int, curves: [Curve]) {
    (self.cpus, self.curves, measure) = (cpus, curves, .wall)
  }

  /// Adds a candidate after the others.
  mutating func add(workers: Int) {
    time.reserveCapacity(time.count + curves.count)
    cpu.reserveCapacity(cpu.count + curves.count)
    for curve in curves {
      let times = curve.logTimes(workers: workers, cpus: cpus)
      time.append(measure == .wall ? times.wall : times.cpu)
      cpu.append(times.cpu)
    }
  }
}

extension Curve {
  /// Draws a curve: each effect is absent from many, and elsewhere as likely to be small as large. The shares are what covers jobs of
  /// eleven kinds and 19 recorded commands.
  fileprivate init(random: inout Xoshiro, cpus: Double) {
    func power(_ low: Double, _ high: Double) -> Double { pow(10, low + (high - low) * random.unit()) }
    func effect(absent share: Double, _ low: Double, _ high: Double, otherwise none: Double = 0) -> Double {
      // Both numbers are drawn in any case, so that what is drawn after them stays the same.
      let (isAbsent, value) = (random.unit() < share, power(low, high))
      return isAbsent ? none : value
    }
    serial = effect(absent: 0.2, -3, 0.2)
    waiting = effect(absent: 0.4, -1.3, log10(CurveTable.maxWaiting))
    startUp = effect(absent: 0.4, -3.5, -0.6)
    serialStartUp = effect(absent: 0.5, -4.5, -1.5)
    contention = effect(absent: 0.6, -2.5, -0.5)
    coherency = effect(absent: 0.6, -5, -1.5)
    contentionBurns = random.unit() < 0.5
    let hasKnee = random.unit() > 0.7
    bandwidthKnee = hasKnee ? (0.25 + 0.75 * random.unit()) * cpus : .infinity
    excess = effect(absent: 0.4, -2.5, 0)
    excessBurns = random.unit() < 0.5
    maxUseful = effect(absent: 0.7, 0, log10(6 * cpus), otherwise: .infinity)
    tasks = effect(absent: 0.6, 0.3, log10(20 * cpus), otherwise: .infinity)
    steps = random.unit()
    parallelOverhead = effect(absent: 0.7, -2, -0.2)
    // One lock of an interpreter: a second worker only costs.
    if random.unit() < 0.06 { (maxUseful, parallelOverhead) = (1, power(-2, 0)) }
    if random.unit() < 0.08 { flatUse = 0.05 + (cpus - 0.05) * random.unit() }
  }
}
