import AdvisorCore
import Probe
import Statistics
import Executors
import System

extension Phase {
  /// A slice of the phase lasts about so long, in seconds: each is measured where it is quiet then.
  private static let sliceSeconds = 0.6
  /// Threads of a group whose start is timed: enough that the first one's does not count, and a few milliseconds in all.
  private static let teamSize = 32

  /// Fixed costs: every meter in turn, with a neighbour probe between any two batches.
  ///
  /// What a neighbour on the host does to one CPU can outlast the phase and spare the CPU beside it: the phase moves.
  func measureHandOffs(_ context: Context, into findings: inout Findings) throws(AdvisorError) {
    let places = QuietPlaces(context.machine)
    let disturbance = Disturbance(of: context.machine)
    let slices = max(1, Int(context.budget / Self.sliceSeconds))
    var outcome = Sampler.Outcome()
    var warnings: [ProfileWarning] = []
    for slice in 0..<slices where slice == 0 || !context.shouldStop() {
      guard let (home, away) = places.choose() else { throw .lacking("a usable CPU") }
      var part = context.part(slice, of: slices)
      part.report = { context.report((Double(slice) + $0) / Double(slices)) }
      let (found, failures) = Self.measure(part, home: home, away: away)
      outcome.add(found)
      for failure in failures where !warnings.contains(failure) { warnings.append(failure) }
    }
    findings.add(outcome, isContended: disturbance.shares.otherBusy > 0.2)
    findings.warnings += warnings
    findings.fixedCosts += MemoryFootprint.measure()
    if context.machine.placementOrder.count == 1 {
      findings.warnings.append(.oneCPU)
    }
  }

  private static func measure(_ context: Context, home: Int, away: Int?) -> (
    Sampler.Outcome, warnings: [ProfileWarning]
  ) {
    let handOffs = HandOffMeters(home: home, away: away).make()
    let (tasks, warnings) = taskMeters()
    let alone: [Meter] = [
      .processSpawn, .workerSpawn, .poolStart(workers: min(8, context.machine.usable.logicalCPUs)),
      .teamStart(threads: Self.teamSize), .pageFault,
      .timerLateness, .loopOperation,
    ]
    var neighbours = NeighbourProbe()
    var sampler = Sampler { neighbours.time(clock: { MonotonicClock.seconds }) }
    sampler.shouldStop = context.shouldStop
    sampler.report = context.report
    let outcome = sampler.run(alone + tasks + handOffs.meters, budget: context.budget)
    return (outcome, warnings + handOffs.failures.map { .notMeasured(what: "hand-offs", problem: $0.problem) })
  }

  /// Asked for beside the threads that the other meters keep: there must be room for both.
  private static func taskMeters() -> (meters: [Meter], warnings: [ProfileWarning]) {
    do throws(AdvisorError) {
      try TaskPool.check(tasks: 1)
      return ([.taskHop, .actorHop], [])
    } catch {
      return ([], [.notMeasured(what: "taskHop, actorHop", problem: error.problem)])
    }
  }
}

extension Findings {
  fileprivate mutating func add(_ outcome: Sampler.Outcome, isContended: Bool) {
    probes += outcome.probes
    let quiet = GuardedMedian.quietProbe(of: outcome.probes) ?? .infinity
    fixedCosts += outcome.series.compactMap { FixedCost($0, quiet: quiet, isContended: isContended) }
    warnings += outcome.failures.map { .notMeasured(what: $0.name.rawValue, problem: $0.error.problem) }
    if isContended { warnings.append(.contended) }
    let shaky = fixedCosts.filter { $0.acceptedShare == 0 && $0.floor.unit == .seconds }.map(\.name.rawValue)
    if !shaky.isEmpty { warnings.append(.disturbed(costs: shaky)) }
  }
}
