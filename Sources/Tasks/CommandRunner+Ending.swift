internal import AdvisorCore
internal import System

/// How processes end.
extension CommandRunner {
  /// Takes in the end of a slot's process.
  func end(_ slot: CommandSlot) throws(AdvisorError) {
    let now = MonotonicClock.seconds
    // Gone once it is reaped.
    let looked = looksAtTasks ? slot.id : nil
    let running = ledger.progress.running
    let (schedule, hidden) = (looked.flatMap { ProcessLook.schedule(of: $0) }, looked == nil ? 0 : hiddenSeconds)
    let transfers = looked.flatMap { ProcessTransfers(of: $0) }
    guard let (task, exit) = try slot.end() else { return }
    giveBackToken(of: slot)
    let wall = slot.age(at: now)
    let seen = WorkerController.Usage(
      wallSeconds: wall, cpuSeconds: exit.cpuSeconds, queuedSeconds: hidden + (schedule?.queuedSeconds ?? 0))
    let hadChildren = schedule.map { exit.cpuSeconds > 1.1 * $0.cpuSeconds + 1e-3 } ?? true
    let queued = looked == nil ? 0 : queuedSeconds(of: slot, seen, isWhole: !hadChildren)
    let usage = TaskUsage(
      weight: task.weight, wallSeconds: wall, cpuSeconds: exit.cpuSeconds, queuedSeconds: queued, running: running,
      fileBytes: task.fileBytes, readBytes: transfers.map { Double($0.readBytes) },
      writtenBytes: transfers.map { Double($0.writtenBytes) },
      maxRSSBytes: peakMemory(of: exit))
    // It may have ended before the signal came.
    let gaveWay = slot.isPreempted && exit.status == .killed(signal: Signal.kill)
    var outcome = TaskOutcome(
      sequence: task.sequence, inputs: task.inputs, arguments: slot.arguments,
      ending: (slot.isPreempted && !gaveWay ? nil : slot.stop) ?? Self.ending(of: exit), attempts: task.attempt,
      startedAt: WallClock.seconds - wall, usage: usage, outputBytes: slot.output.count)
    if !outcome.succeeded { outcome.lastLine = slot.output.lastLine }
    ledger.ended(usage)
    if gaveWay, ledger.stage == .running {
      return ledger.postponed(task.afterGivingWay(slot.heldBytes), notBefore: now)
    }
    learn(from: outcome, at: now)
    askForWorkers(at: now)
    if outcome.succeeded { learnTimeLimit(from: wall) }
    if !rerunsAlone(task, after: outcome, at: now), !ledger.retry(task, after: outcome, at: now) {
      ledger.source.ended(task, seconds: wall)
      try ledger.finish(outcome, slot.output)
    }
  }

  /// Tells the controller what a call has used; of a batch, what one input has.
  ///
  /// Memory below this process's own is not told: of the small ones among large ones it counts as half of that, or all would
  /// seem large.
  private func learn(from outcome: TaskOutcome, at now: Double) {
    let weight = Double(max(1, outcome.weight))
    tell(
      .ended(
        WorkerController.Usage(
          wallSeconds: outcome.wallSeconds / weight, cpuSeconds: outcome.cpuSeconds / weight,
          queuedSeconds: outcome.queuedSeconds / weight,
          memoryBytes: Double(outcome.maxRSSBytes ?? (memoryFloor == .max ? 0 : memoryFloor / 2)),
          dispatchSeconds: dispatchSeconds() / weight, running: outcome.running)), at: now)
  }

  /// The number of workers that the user wants may have changed; keys and signals that have changed it too hold until then.
  private func askForWorkers(at now: Double) {
    guard let count = ledger.options.currentWorkers?(), count != wantedWorkers else { return }
    wantedWorkers = count
    tell(.wanted(workers: count), at: now)
  }

  /// A shell's status where SIGKILL has ended what it had started (POSIX: above 128; in all shells, 128 and the signal).
  private static let killedBelow: Int32 = 128 + Signal.kill

  /// Whether the kernel has killed a task for want of memory for the first time: it runs again when nothing else does.
  private func rerunsAlone(_ task: RunTask, after outcome: TaskOutcome, at now: Double) -> Bool {
    let isKilled = [.killed(signal: Signal.kill), .exited(status: Self.killedBelow)].contains(outcome.ending)
    guard isKilled, ledger.stage == .running, task.memoryKills < 1, wasKilledForMemory() else { return false }
    var again = task
    again.memoryKills += 1
    tell(.shortOfMemory(running: ledger.progress.running + 1), at: now)
    ledger.postponed(again, notBefore: now)
    return true
  }

  /// Whether the kernel has killed more for want of memory than the tasks that were told of it so far: it may kill several
  /// before the first of them is seen to end.
  private func wasKilledForMemory() -> Bool {
    guard countMemoryKills() > memoryKills else { return false }
    memoryKills += 1
    return true
  }

  private static func ending(of exit: Exit) -> TaskOutcome.Ending {
    switch exit.status {
    case .exited(0): .succeeded
    case .exited(let status): .exited(status: status)
    case .killed(let signal): .killed(signal: signal)
    }
  }
}
