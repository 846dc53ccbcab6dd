/// Looks for the number of workers beyond which throughput no longer grows, one step and one window at a time.
struct ThroughputSearch: Sendable {
  private struct Measured {
    var workers: Int
    var throughput: Double
    var relativeError: Double
  }

  private var total = WorkerController.Total()
  private var start = 0.0
  /// Ends to let pass before the window opens: of tasks that ran beside another number of workers.
  private var unsettled = 0
  /// What was measured before the step that is on trial.
  private var former: Measured?
  /// Windows to let pass before the next trial; doubles with each that failed.
  private var rest = 0
  private var patience = 1

  /// Opens a window for a number of workers that holds from now on.
  mutating func restart(at now: Double, _ workers: Int) {
    total = WorkerController.Total()
    start = now
    unsettled = workers
  }

  /// Takes in a task that ended; a proposal, when a window is full and calls for one.
  mutating func add(
    _ usage: WorkerController.Usage, _ now: Double, _ workers: Int, _ cpus: Double, _ aloneSeconds: Double
  ) -> WorkerController.Change? {
    guard unsettled == 0 else {
      unsettled -= 1
      if unsettled == 0 { start = now }
      return nil
    }
    total.add(usage)
    let seconds = now - start
    // Long enough that the ends of single tasks do not decide.
    guard total.count >= max(16, 2 * workers), seconds >= 0.2 else { return nil }
    let measured = Measured(
      workers: workers, throughput: Double(total.count) / seconds, relativeError: total.relativeError)
    let utilisation = total.cpuSeconds / (seconds * cpus)
    let slowdown = total.wallSeconds / Double(total.count) / max(aloneSeconds, 1e-9)
    total = WorkerController.Total()
    start = now
    return judge(measured) ?? step(measured, utilisation, slowdown, cpus, aloneSeconds)
  }

  /// Ends a trial: back to the former number where the step did not pay.
  private mutating func judge(_ measured: Measured) -> WorkerController.Change? {
    guard let former else { return nil }
    self.former = nil
    let gain = measured.throughput / former.throughput - 1
    let errors = former.relativeError * former.relativeError + measured.relativeError * measured.relativeError
    let noise = max(0.05, 2 * errors.squareRoot())
    // More workers must bring more; fewer must not bring less.
    let pays = measured.workers > former.workers ? gain > noise : gain > -0.05
    patience = pays ? 1 : min(2 * patience, 32)
    rest = patience
    return pays ? nil : .init(workers: former.workers, because: "more than \(former.workers) or fewer brought no gain")
  }

  private mutating func step(
    _ measured: Measured, _ utilisation: Double, _ slowdown: Double, _ cpus: Double, _ aloneSeconds: Double
  ) -> WorkerController.Change? {
    guard rest == 0 else {
      rest -= 1
      return nil
    }
    if slowdown > 2, Double(measured.workers) > cpus.rounded(.up) {
      let atWork = measured.throughput * aloneSeconds * 1.3
      let fewer = max(Int(cpus.rounded(.up)), Int(min(atWork.rounded(.up), Double(measured.workers))))
      guard fewer < measured.workers else { return nil }
      former = measured
      return .init(workers: fewer, because: "tasks take \(Int(min(slowdown, 1e6))) times as long as alone")
    }
    guard utilisation < 0.85 else { return nil }
    former = measured
    let more = max(measured.workers + 1, measured.workers + measured.workers / 2)
    return .init(workers: more, because: "the CPUs have room for more")
  }
}
