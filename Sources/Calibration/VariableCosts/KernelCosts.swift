import AdvisorCore
import Probe
import Statistics
import System
import Workloads

/// CPU time of one unit of each kernel, by the thread's CPU clock, which a busy machine hardly touches.
struct KernelCosts {
  /// Long against the clock's 300 ns, short against a neighbour's changes.
  static let batchSeconds = 300e-6

  var shouldStop: () -> Bool = { false }
  /// Looks for a neighbour before each round, on its CPU.
  var probe: () -> Void = {}
  /// Each round runs on the next of these, since a neighbour slows some and not others; none leaves it to the kernel.
  var cpus: [Int] = []

  /// Measures the kernels in turn, round by round, until the budget of seconds is spent.
  func measure(_ kernels: [Kernel], budget: Double) throws(AdvisorError) -> [KernelCost] {
    var runs: [Run] = []
    for kernel in kernels { runs.append(try Run(kernel)) }
    let deadline = MonotonicClock.seconds + budget
    var round = 0
    repeat {
      let cpu = cpus.isEmpty ? nil : CPUSet([cpus[round % cpus.count]])
      try Affinity.confined(to: cpu) { () throws(AdvisorError) in
        probe()
        for index in runs.indices { try runs[index].sample() }
      }
      round += 1
    } while MonotonicClock.seconds < deadline && !shouldStop()
    return runs.compactMap(\.cost)
  }

  private struct Run {
    let kernel: Kernel
    let workload: any Workload
    let units: Int
    var samples: [Double] = []

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
      samples.append((CPUClock.threadSeconds - start) / Double(units))
    }

    /// The median: a job meets the same neighbours as the calibration did.
    var cost: KernelCost? {
      RobustEstimate.median(of: samples).map {
        KernelCost(kernel: kernel, mix: kernel.mix, secondsPerUnit: Estimate($0, .secondsPerUnit))
      }
    }
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
