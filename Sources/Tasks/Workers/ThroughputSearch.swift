internal import AdvisorCore
private import func Glibc.exp

/// Looks for the number of workers beyond which throughput no longer grows, one step and one window at a time.
struct ThroughputSearch: Sendable {
  private struct Measured {
    var workers: Int
    var throughput: Double
    var relativeError: Double
    /// CPU time of the tasks and of the dispatcher, as a share of what there was.
    var utilisation: Double
    /// The part of the workers that were at work: less than all where tasks end faster than they can be started.
    var filled: Double
    /// A task's time by that of one alone.
    var slowdown: Double
    /// Half the 90 % interval of its logarithm.
    var slowdownError: Double
  }

  /// What is known of a task's time beside few others.
  struct Alone: Sendable, Hashable {
    var seconds: Double
    /// Those that have told.
    var tasks: Int
  }

  /// CPUs that nothing has used of late; nil while that is not known.
  var idleCPUs: Double?
  private var total = WorkerController.Total()
  private var start = 0.0
  /// Ends to let pass before the window opens: of tasks that ran beside another number of workers.
  private var unsettled = 0
  /// What was measured before the step that is on trial.
  private var former: Measured?
  /// The throughput from which steps to fewer have set out: each loses little, but all together must not lose more.
  private var before: Double?
  /// The way of the trial, or of the next one.
  private var triesMore = true
  /// Windows to let pass before the next trial; twice as many after each that failed in a row.
  private var rest = 0
  private var patience = 1

  /// Opens a window for a number of workers that holds from now on; at most `tasks` began under another.
  mutating func restart(at now: Double, beside tasks: Int) {
    total = WorkerController.Total()
    start = now
    unsettled = tasks
  }

  /// Takes in a task that ended; a proposal, when a window is full and calls for one.
  mutating func add(
    _ usage: WorkerController.Usage, _ now: Double, _ workers: Int, _ cpus: Double, _ alone: Alone
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
    let mean = max(total.wallSeconds / Double(total.count), 1e-9)
    // Of tasks that differ, few may have been short by chance.
    let variation = total.relativeError * Double(total.count).squareRoot()
    let measured = Measured(
      workers: workers,
      // By Little's law. Ends counted over time would do too, but they often come in bursts.
      throughput: Double(workers) / mean, relativeError: total.relativeError,
      utilisation: (total.cpuSeconds + total.dispatchSeconds) / (seconds * cpus),
      filled: total.wallSeconds / (seconds * Double(workers)),
      slowdown: mean / max(alone.seconds, 1e-9),
      slowdownError: 1.645 * variation / Double(max(1, alone.tasks)).squareRoot())
    total = WorkerController.Total()
    start = now
    return judge(measured) ?? step(measured, cpus, alone.seconds)
  }

  /// Ends a trial: back to the former number where the step did not pay, and the other way next time.
  private mutating func judge(_ measured: Measured) -> WorkerController.Change? {
    guard let former else { return nil }
    self.former = nil
    let base = triesMore ? former.throughput : max(former.throughput, before ?? 0)
    let gain = measured.throughput / base - 1
    let errors = former.relativeError * former.relativeError + measured.relativeError * measured.relativeError
    // Where tasks differ so much that noise would hide the whole gain, half of it decides: idle CPUs promise it.
    let promised = Double(measured.workers) / Double(former.workers) - 1
    let noise = max(0.05, min(2 * errors.squareRoot(), promised / 2))
    // More workers must bring more; fewer must not bring less.
    let pays = triesMore ? gain > noise : gain > -0.05
    before = pays && !triesMore ? base : nil
    if pays {
      patience = 1
      return nil
    }
    rest = patience
    patience = min(2 * patience, 32)
    triesMore.toggle()
    return .init(workers: former.workers, reason: .fastest(workers: former.workers))
  }

  private mutating func step(
    _ measured: Measured, _ cpus: Double, _ aloneSeconds: Double
  ) -> WorkerController.Change? {
    guard rest == 0 else {
      rest -= 1
      return nil
    }
    let least = Int(cpus.rounded(.up))
    if measured.slowdown > 3 * exp(measured.slowdownError), measured.workers > least {
      triesMore = false
      let atWork = min(1.3 * measured.throughput * aloneSeconds, Double(measured.workers))
      let fewer = max(least, min(Int(atWork.rounded(.up)), measured.workers * 3 / 4))
      former = measured
      return .init(workers: fewer, reason: .queueing(slowdown: measured.slowdown))
    }
    // Where the CPUs are busy, with these tasks or with others, or not all workers are, more of them cannot help.
    let isIdle = (idleCPUs ?? cpus) > (1 - WorkerController.busyShare) * cpus
    let hasRoom = measured.utilisation < WorkerController.busyShare && isIdle && measured.filled > 0.8
    if !hasRoom { triesMore = false }
    if measured.workers <= least { triesMore = true }
    guard !triesMore || hasRoom else { return nil }
    former = measured
    return triesMore
      ? .init(workers: max(measured.workers + 1, measured.workers * 3 / 2), reason: .idleCPUs)
      : .init(workers: max(least, measured.workers * 3 / 4), reason: .tryingFewer)
  }
}
