import AdvisorCore

/// What makes the figures of a profile doubtful.
extension Sentences {
  func text(_ warning: ProfileWarning) -> String {
    switch warning {
    case .notMeasured(let what, let problem): "Not measured (\(what)): \(problem)."
    case .nodePairsNotMeasured(let pairs):
      "Not measured (memory): \(count(pairs, "pair")) of NUMA nodes, for want of time."
    case .oneCPU: "Only one CPU is usable: no cost between two CPUs was measured."
    case .interrupted: "The calibration was interrupted: later phases are missing."
    case .cutShort: "The measurement was interrupted: figures are missing or rest on fewer samples."
    case .unseenWorkers(let workers, let all): "\(workers) of \(all) workers got none of the tasks that look at them."
    case .unpinned(let problem): "Threads ran unpinned, wherever the kernel put them: \(problem)."
    case .contended: contended
    case .disturbed(let costs): disturbed(costs)
    case .poorParts(let parts): poorParts(parts)
    case .pageCache: "The file system allows no direct reads: the disk figures are those of the page cache."
    case .throttled(let share): throttled(share)
    case .slowedDown(let times): slowedDown(times)
    case .turbo: "Turbo is on: a core alone runs faster than among busy ones, which the speedups include."
    case .otherLoad(let share): "Other processes used \(rounded(share)) of the CPUs while this was measured."
    case .stolen(let share): "The hypervisor gave \(rounded(share)) of the CPU time to other guests."
    case .neighbour(let slowdown): neighbour(slowdown)
    case .runSpread(let share): "The same work varied by \(rounded(share)) from run to run."
    case .movedCPUs(let low, let high): movedCPUs(low, high)
    case .fewSamples(let figures, let all, let least): fewSamples(figures, all, least)
    case .imprecise(let figures, let all): imprecise(figures, all)
    case .boundedSpeedups(let speedups): bounded(speedups)
    case .pooled(let figures, let all, let since): pooled(figures, all, since)
    case .moved(let figures, let all, let since): moved(figures, all, since)
    case .movedCPUsSince(let seconds, let before): movedCPUs(seconds, since: before)
    case .imagined(let cpus, let nodes): imagined(cpus, nodes)
    case .words(let text): text
    }
  }

  private func rounded(_ share: Double) -> String { "\(Quantity.decimal(share * 100, places: 0)) %" }

  private var contended: String {
    "Other programs kept the CPUs busy: the floors of costs that block are the tenth percentile, since medians would be "
      + "time in the run queue."
  }

  private func disturbed(_ costs: [String]) -> String {
    "No undisturbed moment was found for: \(costs.joined(separator: ", ")); their floors are of the quietest tenth."
  }

  private func poorParts(_ parts: [String]) -> String {
    "Measured while the machine was disturbed, with wider intervals: \(parts.joined(separator: ", ")). The next run on the quiet "
      + "machine measures these again."
  }

  private func throttled(_ share: Double) -> String {
    "The CPU quota kept threads from running for \(rounded(share)) of the time: costs that need the CPU at a certain moment "
      + "are longer than without it."
  }

  private func slowedDown(_ times: Int) -> String {
    "The processor slowed down \(count(times, "time")) for heat or power: look after its cooling."
  }

  private func neighbour(_ slowdown: Double) -> String {
    "Something beside this machine slowed code with much parallelism \(times(slowdown)) at the median: a neighbour on the "
      + "same physical core, most likely."
  }

  private func movedCPUs(_ low: Double, _ high: Double) -> String {
    "The host moved this machine's CPUs while they were measured: a cache line took \(time(low)) to \(time(high)) from one to "
      + "another and back. What several CPUs do together is of both places."
  }

  private func movedCPUs(_ seconds: Double, since before: Double) -> String {
    "The host has moved this machine's CPUs since then: a cache line took \(time(before)) from one to another and back, and "
      + "now takes \(time(seconds))."
  }

  private func fewSamples(_ figures: Int, _ all: Int, _ least: Int) -> String {
    "Too few samples: \(figures) of \(all) figures rest on less than \(least)."
  }

  private func imprecise(_ figures: Int, _ all: Int) -> String {
    "Known to no better than 5 %: \(figures) of \(all) figures, marked ~ in the tables."
  }

  private func bounded(_ speedups: [ProfileWarning.BoundedSpeedup]) -> String {
    let list = speedups.map {
      "\($0.what), \(count($0.workers, "worker")), \(times($0.speedup)) where \(times($0.maxSpeedup)) can be"
    }
    return "Speedups that cannot be, and were bounded by the CPUs: \(list.joined(separator: "; "))."
  }

  private func pooled(_ figures: Int, _ all: Int, _ since: String) -> String {
    "Alike, and the mean of both, in the calibration of \(since): \(figures) of \(all) figures."
  }

  private func moved(_ figures: Int, _ all: Int, _ since: String) -> String {
    "Moved by more than 5 % since the calibration of \(since): \(figures) of \(all) figures; their intervals hold both "
      + "values."
  }

  private func imagined(_ cpus: Int, _ nodes: Int) -> String {
    "Imagined: \(count(cpus, "CPU")) on \(count(nodes, "NUMA node")), presuming that speedups stay as efficient as measured "
      + "and that memory bandwidth grows with the CPUs."
  }
}
