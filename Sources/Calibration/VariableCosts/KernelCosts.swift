import AdvisorCore
private import func Glibc.log
import Probe
import Statistics
import System
import Workloads

/// CPU time of one unit of each kernel, by the thread's CPU clock, which a busy machine hardly touches.
///
/// In spells that come all through a calibration, each on the next CPU: a guest of another on the same physical core slows some
/// kernels by up to 1.9 times for milliseconds to seconds. To a CPU that is busy for some 50 ms the host gives a core of its own,
/// as a job finds; to one that works for a millisecond now and then it does not.
final class KernelCosts {
  /// Long against the clock's 300 ns, short against a neighbour's changes.
  static let batchSeconds = 300e-6
  private static let spellSeconds = 0.2
  /// The share of a spell in which the host settles.
  private static let settling = 1.0 / 3

  private let cpus: [Int]
  private var runs: [Run] = []
  private var spells = 0

  /// - Parameter cpus: each spell is on the next of these; none leaves it to the kernel.
  /// - Throws: ``AdvisorError`` where a kernel has no memory.
  init(_ kernels: [Kernel] = Kernel.allCases, cpus: [Int] = []) throws(AdvisorError) {
    self.cpus = cpus
    for kernel in kernels { runs.append(try Run(kernel)) }
  }

  /// Spells until the budget of seconds is spent, or it is told to stop; one at least.
  ///
  /// - Parameter probe: looks for a neighbour before each round, on its CPU.
  func measure(
    seconds: Double, probe: () -> Void = {}, shouldStop: () -> Bool = { false }
  ) throws(AdvisorError) {
    let each = seconds / max(1, (seconds / Self.spellSeconds).rounded(.up))
    let deadline = MonotonicClock.seconds + seconds
    repeat {
      let cpu = cpus.isEmpty ? nil : CPUSet([cpus[spells % cpus.count]])
      try Affinity.confined(to: cpu) { () throws(AdvisorError) in try spell(seconds: each, probe, shouldStop) }
    } while MonotonicClock.seconds < deadline && !shouldStop()
  }

  private func spell(seconds: Double, _ probe: () -> Void, _ shouldStop: () -> Bool) throws(AdvisorError) {
    let start = MonotonicClock.seconds
    for index in runs.indices { runs[index].samples.append([]) }
    spells += 1
    repeat {
      probe()
      if MonotonicClock.seconds - start < Self.settling * seconds {
        for index in runs.indices { runs[index].samples[spells - 1] = [] }
      }
      for index in runs.indices { try runs[index].sample() }
    } while MonotonicClock.seconds < start + seconds && !shouldStop()
  }

  var costs: [KernelCost] { runs.compactMap(\.cost) }

  private struct Run {
    let kernel: Kernel
    let workload: any Workload
    let units: Int
    /// Of each spell.
    var samples: [[Double]] = []

    init(_ kernel: Kernel) throws(AdvisorError) {
      self.kernel = kernel
      workload = kernel.makeWorkload()
      _ = try workload.run(units: workload.sliceUnits)
      let start = CPUClock.threadSeconds
      _ = try workload.run(units: workload.sliceUnits)
      let each = max(CPUClock.threadSeconds - start, 1e-9) / Double(workload.sliceUnits)
      units = max(1, Int(KernelCosts.batchSeconds / each))
    }

    mutating func sample() throws(AdvisorError) {
      let start = CPUClock.threadSeconds
      _ = try workload.run(units: units)
      samples[samples.count - 1].append((CPUClock.threadSeconds - start) / Double(units))
    }

    var cost: KernelCost? { KernelCost(kernel, spells: samples) }
  }
}

extension KernelCost {
  /// What takes longer, as a multiple of the median, was interrupted.
  private static let most = 2.5

  /// The mean, which long work takes: of values with two centres, with a neighbour and without, the median is one of them. Spells
  /// count alike; the interval is that of their means.
  ///
  /// - Parameter spells: seconds of a unit; nil is returned where none took any.
  init?(_ kernel: Kernel, spells: [[Double]]) {
    guard let median = spells.joined().filter({ $0 > 0 }).median() else { return nil }
    let spells = spells.map { $0.filter { $0 > 0 }.map { min($0, Self.most * median) } }.filter { !$0.isEmpty }
    let mean = RobustEstimate.mean(ofGroups: spells, samples: spells.joined().count)
    let squares = spells.compactMap { spell in spell.map { log($0 / mean.value) * log($0 / mean.value) }.mean() }
    self.init(
      kernel: kernel, mix: kernel.mix, secondsPerUnit: Estimate(mean, .secondsPerUnit),
      runSpread: (squares.mean() ?? 0).squareRoot())
  }
}

extension Kernel {
  /// What the kernel mostly does, by how its inner loop is written.
  var mix: KernelCost.Mix {
    switch self {
    case .word, .sha256: .integer
    case .sort: .memory
    case .matmul: .floatingPoint
    }
  }
}
