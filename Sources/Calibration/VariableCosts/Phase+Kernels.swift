import AdvisorCore
import Execution
import Statistics

extension Phase {
  func measureKernels(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    findings.variableCosts.kernels = try KernelCosts(shouldStop: context.shouldStop)
      .measure(Kernel.allCases, budget: context.budget)
  }

  /// Throughput of w threads over that of one, by interleaved runs of each count through the executor of threads.
  func measureSpeedups(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    let kernels: [Kernel] = context.level == .quick ? [.word] : Kernel.allCases
    var runs: [ScalingRun] = []
    for kernel in kernels {
      guard let cost = findings.variableCosts.kernels.first(where: { $0.kernel == kernel }) else { continue }
      runs += context.workerCounts.map {
        ScalingRun(kernel: kernel, workers: $0, secondsPerUnit: cost.secondsPerUnit.value, machine: context.machine)
      }
    }
    var seconds = [[Double]](repeating: [], count: runs.count)
    try context.alternate(Array(runs.indices)) { index throws(AdvisorError) in
      seconds[index].append(try runs[index].seconds())
    }
    findings.repeats += zip(runs, seconds).first { $0.0.workers == context.machine.usable.logicalCPUs }?.1 ?? []
    findings.variableCosts.speedups = ScalingRun.speedups(of: runs, seconds: seconds)
  }
}

/// The same work for each of so many threads.
struct ScalingRun {
  /// Of CPU time for each thread: long against the start of a thread, short against the budget.
  static let taskSeconds = 5e-3

  let kernel: Kernel
  let workers: Int
  let secondsPerUnit: Double
  let machine: Machine

  /// Seconds from when the last thread was ready until all had ended.
  func seconds() throws(AdvisorError) -> Double {
    let stage = Stage(
      kind: .cpu, count: workers, size: .units(max(1, (Self.taskSeconds / secondsPerUnit).rounded())), kernel: kernel)
    let request = RunRequest(
      job: Job(text: "\(stage)", stages: [stage]),
      plan: Plan(strategy: .threads, workers: workers, cpus: machine.placementOrder))
    let seen = try executor(for: .threads).run(request, progress: Progress(), cancellation: Cancellation())
    return max(seen.seconds - seen.startUpSeconds, 1e-9)
  }

  /// w tasks in the time of w threads, against one task in the time of one.
  static func speedups(of runs: [ScalingRun], seconds: [[Double]]) -> [SpeedupPoint] {
    zip(runs, seconds).compactMap { run, times in
      guard let single = zip(runs, seconds).first(where: { $0.0.kernel == run.kernel && $0.0.workers == 1 })?.1
      else { return nil }
      let pairs = zip(single, times).map { (numerator: Double(run.workers) * $0, denominator: $1) }
      return RobustEstimate.ratioOfMedians(pairs).map {
        SpeedupPoint(kernel: run.kernel, workers: run.workers, speedup: Estimate($0, .ratio))
      }
    }
  }
}
