import AdvisorCore

/// Why a value of a command's knob is the best.
extension Sentences {
  func text(_ reason: TuningReason) -> String {
    switch reason {
    case .workerCost(let seconds): "Each further worker costs \(time(seconds)) of CPU time."
    case .cpuBound(let used, let cpus, let gain):
      "CPU-bound: \(Quantity.significant(used)) of \(count(cpus, "CPU")) were busy; no other value can gain more than "
        + "\(percent(gain))."
    case .oneThread(let share):
      "One thread does it all: for \(percent(share)) of the time at most one was runnable, and the value makes no difference."
    case .waits(let idle, let single):
      "It waits: for \(percent(idle)) of the time nothing was runnable, for \(percent(single)) at most one thread; more "
        + "workers wait at once."
    case .serialPart(let share): "A serial part: for \(percent(share)) of the time at most one thread was runnable."
    case .contention(let share):
      "Contention: a second worker takes \(percent(share)) more CPU time for the same work, and CPUs stay idle."
    case .memory(let bytes, let workers):
      "Bound by memory: the \(Quantity.text(bytes: bytes)) that may be used leave room for \(count(workers, "worker"))."
    case .failsFrom(let workers): "It fails with \(count(workers, "worker")): larger values were not tried."
    }
  }
}
