import AdvisorCore

/// What keeps the chosen way from being faster.
extension Sentences {
  func cores(_ cpuSeconds: Double, _ cpus: Int, _ speedup: Double, freeShare: Double) -> String {
    let others = freeShare < 0.995 ? ", of which other processes leave \(percent(freeShare))," : ""
    return "CPU-bound: \(time(cpuSeconds)) of CPU time; \(count(cpus, "CPU"))\(others) give\(cpus == 1 ? "s" : "") a "
      + "\(times(speedup)) speedup."
  }

  func oneWorker(_ cpuSeconds: Double, _ seconds: Double) -> String {
    "CPU-bound: one worker takes \(time(seconds)) for \(time(cpuSeconds)) of CPU time."
  }

  func quota(_ cpus: Double, _ source: String?, _ throttledShare: Double) -> String {
    "Bound by the quota of \(count(cpus, "CPU"))\(source.map { " (\($0))" } ?? ""): workers are throttled "
      + "\(percent(throttledShare)) of the time, and more of them only use it up sooner."
  }

  func memoryBandwidth(_ share: Double, _ seconds: Double, _ workers: Int) -> String {
    "Bound by memory bandwidth: streaming takes \(part(share, seconds)); more than "
      + "\(count(workers, "thread gains", "threads gain")) almost nothing."
  }

  func transfers(_ share: Double, _ seconds: Double) -> String {
    "Bound by transfers: they take \(part(share, seconds)); more in flight share the same rate."
  }

  func latency(_ share: Double, _ seconds: Double) -> String {
    "Latency-bound: waiting takes \(part(share, seconds)); only more tasks in flight would hide it."
  }

  func longestTask(_ tasks: Int, _ seconds: Double) -> String {
    "Bound by the longest task: all \(count(tasks, "task")) run at once, and the longest takes nearly all of the "
      + "\(time(seconds))."
  }

  func memory(_ bytes: Double, _ workers: Int) -> String {
    "Memory-bound: the \(Quantity.text(bytes: bytes)) that may be used leave room for \(count(workers, "worker"))."
  }

  func processLimit(_ limit: WorkerLimit) -> String {
    "Bound by \(limit.reason): it leaves room for \(count(limit.count, "worker"))."
  }

  func firstTouch(_ share: Double, _ seconds: Double) -> String {
    "Bound by start-up: \(part(share, seconds)) pass while each worker maps its memory and writes it for the first time."
  }
}
