import AdvisorCore
import Statistics
import Workloads

extension Phase {
  func measureKernels(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    let kernels: KernelCosts
    if let running = context.kernels {
      kernels = running
    } else {
      kernels = try KernelCosts(cpus: context.machine.placementOrder)
    }
    try kernels.measure(seconds: context.budget, probe: context.probe, shouldStop: context.shouldStop)
    findings.variableCosts.kernels = kernels.costs
  }

  /// Throughput of w threads over that of one, in turns. The threads are there before: their start has a cost of its own.
  ///
  /// In passes over all kernels: where a host moves the CPUs for a second, that falls on a part of each kernel's figures and not
  /// on all of one's.
  func measureSpeedups(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    let kernels: [Kernel] = context.level == .quick ? [.word] : Kernel.allCases
    let passes = context.level == .quick ? 1 : 3
    var paces = Array(repeating: [Int: [ThreadTeam.Pace]](), count: kernels.count)
    for turn in 0..<passes * kernels.count where turn < kernels.count || !context.shouldStop() {
      let index = turn % kernels.count
      let found = try Self.paces(kernels[index], context.part(turn, of: passes * kernels.count))
      paces[index].merge(found, uniquingKeysWith: +)
    }
    let counts = context.workerCounts
    for (kernel, paces) in zip(kernels, paces) {
      for paces in paces.values { findings.add(repeats: context.repeats(paces)) }
      let rates = paces.mapValues { $0.map(\.unitsPerSecond) }
      let single = rates[1] ?? []
      let pairs = counts.map { zip(rates[$0] ?? [], single).map { (numerator: $0, denominator: $1) } }
      let speedups = zip(counts, RobustEstimate.ratios(ofQuantile: Self.undisturbed, of: pairs))
      findings.variableCosts.speedups += speedups.compactMap { count, ratio in
        ratio.map { SpeedupPoint(kernel: kernel, workers: count, speedup: Estimate($0, .ratio)) }
      }
    }
  }

  /// What disturbs a slice slows it: a host that puts two CPUs on one core for half of the time made of 1.98 times the pace of
  /// one thread 1.19 at the median.
  private static let undisturbed = 0.75

  /// By how many threads compute.
  private static func paces(_ kernel: Kernel, _ context: Context) throws(AdvisorError) -> [Int: [ThreadTeam.Pace]] {
    let counts = context.workerCounts
    let team = try ThreadTeam(counts.last ?? 1, cpus: context.machine.placementOrder) {
      kernel.makeWorkload(seed: UInt64($0 + 1))
    }
    var paces: [Int: [ThreadTeam.Pace]] = [:]
    try context.alternate(counts) { count throws(AdvisorError) in
      paces[count, default: []].append(try team.pace(active: count, seconds: context.sliceSeconds(active: count)))
    }
    return paces
  }
}

extension Phase.Context {
  /// Rates of the same work, from one time to the next. Of short slices under a quota each has more or fewer of its periods, which
  /// says nothing of a run: there it is the work done in a second of CPU time.
  func repeats(_ paces: [ThreadTeam.Pace]) -> [Double] {
    guard machine.limits.cpuQuota != nil else { return paces.map(\.unitsPerSecond) }
    return paces.filter { $0.cpus > 0 }.map { $0.unitsPerSecond / $0.cpus }
  }
}
