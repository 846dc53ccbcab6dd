package import AdvisorCore
package import Probe
package import System

/// What a run keeps of its tasks, whatever carries them out: which comes next, what became of those that have ended, what
/// is printed and recorded of them, and whether more may start.
package final class TaskLedger {
  package enum Stage {
    case running
    /// No more tasks start.
    case draining
    /// Those under way are to be stopped too.
    case stopping
  }

  package let recipe: TaskRecipe
  package let options: TaskOptions
  let writer: OutputWriter
  package let source: TaskSource
  let jobLog: JobLog?
  package let journal: TaskJournal?
  let results: ResultsFolder?
  let table: ResultsTable?
  package weak var observer: (any RunObserver)?
  package private(set) var progress = RunProgress()
  /// Calls that have ended, which a halt counts: of a batch one.
  private(set) var calls = RunProgress()
  package private(set) var retries = RetryQueue()
  package private(set) var stage = Stage.running
  private(set) var ending = RunSummary.Ending.finished
  /// Whether there is one task alone, without inputs.
  let isSingle: Bool
  /// How that task has ended.
  private(set) var singleEnding: TaskOutcome.Ending?
  /// Whether no task is to start for now.
  var isPaused = false
  private var inputsEnded = false
  private(set) var watchesInputs = false
  private var hasToldOfWait = false
  var startedAt = MonotonicClock.seconds
  var nextReport = 0.0
  private var nextSync = 0.0

  /// - Parameter drawn: tasks that come first so that they stand for all.
  /// - Throws: ``AdvisorError``: usage when the options make no sense, cannotWrite where records cannot be kept.
  package init(
    _ recipe: TaskRecipe, _ inputs: TaskInputs, _ options: TaskOptions, observer: (any RunObserver)?,
    writer: OutputWriter, drawn: Int = 0
  ) throws(AdvisorError) {
    try options.validate()
    self.recipe = recipe
    self.options = options
    self.observer = observer
    self.writer = writer
    writer.willWrite = { [weak observer] in observer?.willWrite() }
    let isByLog = options.journal == nil && options.resume != nil
    let logged = try (isByLog ? options.jobLog : nil).map { path throws(AdvisorError) in
      try JobLogRecords(
        path: path, resume: options.resume ?? .ended, hasGaps: recipe.template?.hasGaps ?? false)
    }
    // All are opened before the first is emptied: an error leaves each as it was.
    let logFile = try options.jobLog.map { path throws(AdvisorError) in try JobLog.open(path) }
    let journalFile = try options.journal.map { path throws(AdvisorError) in try TaskJournal.open(path) }
    let tablePath = options.results.flatMap { ResultsTable.isTable($0) ? $0 : nil }
    results = try (tablePath == nil ? options.results : nil).map { path throws(AdvisorError) in
      try ResultsFolder(path: path, names: options.inputNames, keeping: options.resume)
    }
    table = try tablePath.map { path throws(AdvisorError) in
      try ResultsTable(
        path: path, names: options.inputNames, columns: inputs.columns, keepsContents: options.resume != nil)
    }
    jobLog = try logFile.map { file throws(AdvisorError) in
      try JobLog(file, keepingContents: options.resume != nil || options.appendsToJobLog)
    }
    journal = try journalFile.map { file throws(AdvisorError) in try TaskJournal(file, resume: options.resume) }
    isSingle = inputs.columns == 0
    source = try TaskSource(
      inputs, recipe, batch: options.batch, done: DoneTasks(journal, logged),
      environmentBytes: options.environment.map { $0.reduce(0) { $0 + $1.utf8.count + 9 } },
      maxLineBytes: options.maxLineBytes, drawn: drawn)
    progress.outcome.left = inputs.count
    progress.fileBytesLeft = source.totalFileBytes
  }

  package static let inputEvent = UInt64.max - 1

  /// Whether tasks are under way or are still to come.
  package var hasWork: Bool { progress.running > 0 || (stage == .running && !(inputsEnded && retries.isEmpty)) }

  /// Whether tasks that are still to come may start.
  var mayStart: Bool { stage == .running && !isPaused }

  /// The task that can start now: one to be tried again, else one with the next inputs, else one that waits for the others
  /// to end.
  ///
  /// - Parameter roomBytes: memory that a task may take beside those that run.
  package func nextTask(
    _ poll: borrowing EventPoll, workers: Int, roomBytes: Double = .infinity
  ) throws(AdvisorError) -> RunTask? {
    guard mayStart else { return nil }
    if let task = retries.next(at: MonotonicClock.seconds, roomBytes: roomBytes) { return task }
    while !inputsEnded, !watchesInputs, !writer.isFull {
      switch source.next(workers: workers) {
      case .task(let task): return task
      case .skipped(let task, let ending): try skip(task, ending)
      case .waiting: try watchInputs(poll)
      case .end:
        inputsEnded = true
        progress.outcome.left = source.taken - progress.done - progress.skipped
      }
    }
    return progress.running == 0 ? retries.nextAlone() : nil
  }

  func watchInputs(_ poll: borrowing EventPoll) throws(AdvisorError) {
    if let descriptor = source.descriptor { try poll.add(descriptor, as: Self.inputEvent) }
    watchesInputs = true
  }

  /// More inputs have come.
  package func inputsAreReady(_ poll: borrowing EventPoll) {
    if let descriptor = source.descriptor { poll.remove(descriptor) }
    watchesInputs = false
  }

  /// Starts no more tasks.
  package func drain(_ why: RunSummary.Ending) {
    guard stage == .running else { return }
    (stage, ending) = (.draining, why)
  }

  /// Starts no more tasks, and has those under way stopped.
  package func stop(_ why: RunSummary.Ending) {
    guard stage != .stopping else { return }
    (stage, ending) = (.stopping, why)
  }
}

extension TaskLedger {
  /// Stops this process as Ctrl-Z does. Returns the seconds until it was continued, which are not the run's.
  package func suspend(_ signals: borrowing SignalSource) -> Double {
    let start = MonotonicClock.seconds
    observer?.willStop()
    signals.stopProcess()
    let seconds = MonotonicClock.seconds - start
    startedAt += seconds
    observer?.didContinue()
    return seconds
  }
}

/// What it counts of tasks: nobody else does.
extension TaskLedger {
  /// A task has started.
  package func began() { progress.running += 1 }

  /// A task that had begun could not start.
  package func didNotBegin() { progress.running -= 1 }

  /// An attempt has ended: what it has used counts, whether or not it was the last.
  package func ended(_ usage: TaskUsage) {
    progress.running -= 1
    progress.outcome.add(usage)
  }

  /// A task that had begun has not run, and never will: it stays undone, and another run takes it up.
  package func withdrew(_ task: RunTask) {
    progress.running -= 1
    progress.stopped += task.weight
  }

  /// A task's worker is gone: it runs again, and the attempt is not counted.
  package func lost(_ task: RunTask) {
    progress.running -= 1
    var again = task
    again.losses += 1
    retries.insert(again, notBefore: MonotonicClock.seconds)
  }

  /// A task has not run to its end, and runs again, but not before a time.
  func postponed(_ task: RunTask, notBefore time: Double) { retries.insert(task, notBefore: time) }

  /// A task has ended in an earlier run.
  func skipped(_ task: RunTask, _ ending: DoneTasks.Ending) {
    progress.skipped += 1
    progress.fileBytesLeft = progress.fileBytesLeft.map { $0 - (task.fileBytes ?? 0) }
    progress.outcome.left = progress.left.map { $0 - 1 }
    if ending == .failed { progress.failedBefore += 1 }
  }

  /// A task has had its last attempt.
  func settled(_ outcome: TaskOutcome) {
    if isSingle { singleEnding = outcome.ending }
    // It has not failed by itself: the run was ended.
    guard outcome.ending != .stopped else { return progress.stopped += outcome.weight }
    progress.outcome.end(outcome.weight, failed: !outcome.succeeded)
    progress.fileBytesLeft = progress.fileBytesLeft.map { $0 - (outcome.fileBytes ?? 0) }
    calls.outcome.end(failed: !outcome.succeeded)
  }
}

/// What is due at a time: reports, and records that reach the disk.
extension TaskLedger {
  /// When the first of it is due, in seconds of the monotonic clock.
  package var due: Double? {
    var due: [Double] = []
    if observer != nil { due.append(nextReport) }
    if journal?.isDirty == true || jobLog?.isDirty == true { due.append(nextSync) }
    return due.min()
  }

  package func doDuties(at now: Double, report: () -> Void) {
    if observer != nil, nextReport <= now {
      report()
      nextReport = now + 0.1
    }
    if nextSync <= now {
      sync()
      nextSync = now + 1
    }
  }

  /// Tells the observer where the run stands.
  ///
  /// - Parameters:
  ///   - workers: how many there are, and why.
  ///   - memory: what was left of it when last looked at.
  ///   - pausedForMemory: tasks under way that wait for memory.
  ///   - dispatchSeconds: CPU time of the runner itself for each task.
  package func report(
    at now: Double, workers: Int, reason: ConcurrencyReason, memory: MemoryGauge.Reading? = nil,
    pausedForMemory: Int = 0, dispatchSeconds: Double = 0
  ) {
    (progress.workers, progress.reason) = (workers, reason)
    (progress.memory, progress.pausedForMemory) = (memory, pausedForMemory)
    progress.dispatchSeconds = dispatchSeconds
    progress.outcome.seconds = now - startedAt
    progress.isDraining = stage != .running
    progress.isPaused = isPaused
    tellOfWait()
    observer?.progressed(progress)
  }

  /// Says why nothing happens where nobody has written an input yet.
  private func tellOfWait() {
    guard watchesInputs, source.taken == 0, !hasToldOfWait, progress.seconds > 5 else { return }
    hasToldOfWait = true
    observer?.noted("waiting for inputs: none has come yet")
  }

  /// At most a second of records is lost in a power cut, and none when this process ends.
  package func sync() {
    jobLog?.sync()
    journal?.sync()
  }

  /// Prints what waited for tasks that have never ended, and sums up: the run's time is that of the last report.
  ///
  /// - Parameter report: makes that report.
  package func close(_ report: (_ now: Double) -> Void) throws(AdvisorError) -> RunSummary {
    try writer.finish()
    sync()
    try checkOutput()
    if let fault = source.fault ?? options.blocks?.fault, ending == .finished { ending = .inputsFailed(fault) }
    report(MonotonicClock.seconds)
    return RunSummary(progress: progress, ending: ending, singleEnding: singleEnding)
  }
}
