import AdvisorCore
import Statistics
import Workloads

extension Phase {
  func measureKernels(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    findings.variableCosts.kernels = try KernelCosts(
      shouldStop: context.shouldStop, cpus: context.machine.placementOrder
    )
    .measure(Kernel.allCases, budget: context.budget)
  }

  /// Throughput of w threads over that of one, in turns. The threads are there before: their start has a cost of its own.
  func measureSpeedups(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    let kernels: [Kernel] = context.level == .quick ? [.word] : Kernel.allCases
    let counts = context.workerCounts
    for (index, kernel) in kernels.enumerated() {
      let context = context.part(index, of: kernels.count)
      let team = try ThreadTeam(counts.last ?? 1, cpus: context.machine.placementOrder) {
        kernel.makeWorkload(seed: UInt64($0 + 1))
      }
      var paces: [Int: [ThreadTeam.Pace]] = [:]
      try context.alternate(counts) { count throws(AdvisorError) in
        paces[count, default: []].append(try team.pace(active: count, seconds: context.sliceSeconds(active: count)))
      }
      findings.add(repeats: context.repeats(paces[context.machine.usable.logicalCPUs] ?? []))
      let rates = paces.mapValues { $0.map(\.unitsPerSecond) }
      let single = rates[1] ?? []
      let pairs = counts.map { zip(rates[$0] ?? [], single).map { (numerator: $0, denominator: $1) } }
      let speedups = zip(counts, RobustEstimate.ratiosOfMedians(of: pairs))
      findings.variableCosts.speedups += speedups.compactMap { count, ratio in
        ratio.map { SpeedupPoint(kernel: kernel, workers: count, speedup: Estimate($0, .ratio)) }
      }
    }
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
