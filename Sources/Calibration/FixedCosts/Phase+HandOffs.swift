import AdvisorCore
import Execution
import Probe
import Statistics

extension Phase {
  /// Fixed costs: every meter in turn, with a neighbour probe between any two batches.
  func measureHandOffs(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    let order = context.machine.placementOrder
    guard let home = order.first else { throw .lacking("a usable CPU") }
    // The second in the order is on another core wherever there is one.
    let away = order.count > 1 ? order[1] : nil
    let handOffs = HandOffMeters(home: home, away: away).make()
    let alone: [Meter] =
      [
        .processSpawn, .workerSpawn, .poolStart(workers: min(8, context.machine.usable.logicalCPUs)), .pageFault,
        .timerLateness, .loopOperation,
      ] + Self.taskMeters(&findings)
    var neighbours = NeighbourProbe()
    var sampler = Sampler { neighbours.time(clock: Stopwatch.wall) }
    sampler.shouldStop = context.shouldStop
    sampler.report = context.report
    let disturbance = Disturbance(of: context.machine)
    let outcome = sampler.run(alone + handOffs.meters, budget: context.budget)
    findings.add(outcome, isContended: disturbance.shares.otherBusy > 0.2)
    findings.doubts += handOffs.failures.map { "Not measured (hand-offs): \($0.problem)." }
    findings.fixedCosts += MemoryFootprint.measure()
    if away == nil { findings.doubts.append("Only one CPU is usable: no cost between two CPUs was measured.") }
  }

  /// Asked for beside the threads that the other meters keep: there must be room for both.
  private static func taskMeters(_ findings: inout Findings) -> [Meter] {
    do throws(AdvisorError) {
      try TaskPool.check(tasks: 1)
      return [.taskHop, .actorHop]
    } catch {
      findings.doubts.append("Not measured (taskHop, actorHop): \(error.problem).")
      return []
    }
  }
}

extension Findings {
  fileprivate mutating func add(_ outcome: Sampler.Outcome, isContended: Bool) {
    probes += outcome.probes
    let quiet = GuardedMedian.quietProbe(of: outcome.probes) ?? .infinity
    fixedCosts += outcome.series.compactMap { FixedCost($0, quiet: quiet, isContended: isContended) }
    doubts += outcome.failures.map { "Not measured (\($0.name.rawValue)): \($0.error.problem)." }
    if isContended {
      doubts.append(
        "Other programs kept the CPUs busy: the floors of costs that block are the tenth percentile, since medians would be "
          + "time in the run queue."
      )
    }
    let shaky = fixedCosts.filter { $0.acceptedShare == 0 && $0.floor.unit == .seconds }.map(\.name.rawValue)
    if !shaky.isEmpty {
      doubts.append("No undisturbed moment was found for: \(shaky.joined(separator: ", ")); their floors are medians.")
    }
  }
}
