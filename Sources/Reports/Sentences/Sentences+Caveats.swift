import AdvisorCore

extension Sentences {
  func text(_ caveat: Caveat) -> String {
    switch caveat {
    case .forkAfterThreads:
      "fork copies the program as it is: if it has already started threads, use get_context(\"spawn\"), whose workers "
        + "import what they need again."
    case .unreadableLimits(let limits, let mayBeLower, let cause, let file):
      unreadable(limits, mayBeLower, cause, file)
        + "; the advice respects only the limits that are known."
    case .strategyNotConsidered(let strategy, let problem):
      "\(strategies.word(strategy).capitalisedFirst) not considered: \(problem)."
    case .engineNotConsidered(_, let problem): "\(problem.capitalisedFirst)."
    case .otherLoad(let share):
      "Other processes used \(Quantity.decimal(share * 100, places: 0)) % of the CPUs during calibration, and are assumed "
        + "to go on: calibrate again once they are gone."
    case .presentLoad(let threads, let share):
      "Other processes want \(count((10 * threads).rounded() / 10, "CPU")) now, and are assumed to go on, which leaves "
        + "\(Quantity.decimal((1 - share) * 100, places: 0)) % of the machine: ask again once they are gone."
    case .impossibleSpeedup(let kernel, let workers, let speedup, let cpus):
      "The profile claims a \(times(speedup)) speedup for \(count(workers, "worker")) on \(count(cpus, "CPU")) "
        + "(\(kernel.rawValue)), which is impossible: \(cpus)× is assumed. Calibrate again with `advisor calibrate`."
    case .provisionalIntervals(let occasions, let minimum):
      "Intervals are provisional until there are past runs of \(minimum) different minutes (now: \(occasions))."
    case .deadlineAtRisk(let seconds): "The deadline of \(time(seconds)) is likely, but not sure, to be met."
    }
  }
}
