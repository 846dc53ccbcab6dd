internal import AdvisorCore
import System

/// What a run does at its times: deadlines, looks at the pilot and at memory, reports, and records that reach the disk.
extension CommandRunner {
  func untilNextDuty() -> Double? {
    let now = MonotonicClock.seconds
    var due = [ledger.due]
    if let deadline = slots.lazy.compactMap({ $0.task == nil || $0.isPaused ? nil : $0.deadline }).min() {
      due.append(now + min(deadline - clock.now, TaskClock.maxWaitSeconds))
    } else if ledger.options.timeout != nil {
      due.append(now + TaskClock.maxWaitSeconds)
    }
    if controller.isPilot { due.append(nextLook) }
    due.append(memory.nextLook)
    if hasTerminal { due.append(nextTerminalLook) }
    if ledger.mayStart, ledger.progress.running < controller.workers {
      due += [ledger.retries.due, nextStart > now ? nextStart : nil]
    }
    return due.lazy.compactMap { $0 }.min().map { max(0, $0 - now) }
  }

  func doDuties(at now: Double) {
    for slot in slots where slot.id != nil && !slot.isPaused {
      if let deadline = slot.deadline, deadline <= clock.now { overdue(slot) }
    }
    if controller.isPilot, nextLook <= now { look(at: now) }
    if controller.isSearching, nextIdleLook <= now { lookAtIdle(at: now) }
    if memory.nextLook <= now { watchMemory(at: now) }
    if hasTerminal, nextTerminalLook <= now { endTerminalWaits(at: now) }
    ledger.doDuties(at: now) { report(at: now) }
  }

  func report(at now: Double) {
    // What is left to do bounds how many there can be.
    let left = (ledger.progress.total ?? .max) - ledger.progress.skipped
    let paused = slots.count { $0.isPaused }
    ledger.report(
      at: now, workers: min(controller.workers, max(1, left)),
      reason: memory.verdict == .ample && paused == 0 ? controller.reason : .memoryScarce, memory: memory.last,
      pausedForMemory: paused, dispatchSeconds: dispatchSeconds())
  }

  /// Looks at the pilot's tasks while they run: those that wait leave room for more before the first has ended.
  private func look(at now: Double) {
    idle.add(readIdle(), at: now)
    var busySeconds = 0.0
    let usages = slots.prefix(Self.maxLookedAt).compactMap { slot -> WorkerController.Usage? in
      guard let (usage, busy) = look(at: slot, now) else { return nil }
      busySeconds += busy
      return usage
    }
    tell(.looked(usages), at: now)
    if lastLook > 0, ledger.progress.running >= controller.workers, !hasPausedTasks {
      let unused = ledger.options.limits.cpus - busySeconds / (now - lastLook)
      tell(.idle(cpus: min(unused, idle.most ?? unused)), at: now)
    }
    lastLook = now
    // At first each 6 ms, since tasks may be short; seldom for long ones.
    nextLook = now + max(0.006, (now - ledger.startedAt) / 8)
  }

  /// How many CPUs have lately been idle, for the search of more workers.
  private func lookAtIdle(at now: Double) {
    let seconds = readIdle()
    idle.add(seconds, at: now)
    if let most = idle.most { tell(.machineIdle(cpus: most), at: now) }
    idle.restart(seconds, at: now)
    nextIdleLook = now + 0.2
  }

  /// What a slot's task has used so far, and the seconds since the last look in which it has computed or could have.
  private func look(at slot: CommandSlot, _ now: Double) -> (usage: WorkerController.Usage, busySeconds: Double)? {
    guard slot.task != nil, !slot.isPaused, let id = slot.id, let tree = ProcessLook.tree(of: id) else { return nil }
    var usage = tree.usage
    usage.wallSeconds = now - slot.startedAt
    (usage.running, usage.dispatchSeconds) = (ledger.progress.running, dispatchSeconds())
    slot.looked(isRunnable: tree.isRunnable)
    usage.queuedSeconds = queuedSeconds(of: slot, usage)
    let busy = slot.newlyBusy(usage)
    guard tree.isRunnable else { return (usage, busy) }
    // What is runnable now may have been so for as long as nobody has looked.
    return (usage, max(busy, min(now - lastLook, usage.wallSeconds)))
  }

  /// Time in which a slot's task could have run but did not, of which the kernel's record is only a part.
  ///
  /// What a child has queued is gone with it, what runs now is not counted yet, and time that a hypervisor has taken is in no
  /// queue: the share of the looks that found something runnable tells of all of them. Of a task that was never looked at it is
  /// the share of the CPUs that were not idle.
  ///
  /// - Parameter isWhole: whether the record is of all that the task was, for it had no children.
  func queuedSeconds(of slot: CommandSlot, _ usage: WorkerController.Usage, isWhole: Bool = false) -> Double {
    slot.queuedSeconds = max(slot.queuedSeconds, usage.queuedSeconds)
    let (rest, waited) = (max(0, usage.wallSeconds - usage.cpuSeconds), waitedForCPU(slot))
    let record = min(1, (usage.cpuSeconds + waited) / max(usage.wallSeconds, 1e-9))
    let share = slot.runnableShare(beside: isWhole ? record : nil)
    let seen = share.map { $0 * usage.wallSeconds - usage.cpuSeconds } ?? (1 - idle.share) * rest
    return max(waited, min(seen, rest))
  }

  /// Time in the run queue, or until the next period of the quota, as the kernel tells.
  ///
  /// Since Linux 6.18 what is throttled is in no queue; before, it is counted in both, which no task's time exceeds.
  private func waitedForCPU(_ slot: CommandSlot) -> Double {
    guard let before = slot.throttledBefore, let now = readThrottled(), let quota = ledger.options.limits.quota else {
      return slot.queuedSeconds
    }
    return slot.queuedSeconds + max(0, now - before) / Double(max(1, min(ledger.progress.running, quota.logicalCPUs)))
  }
}
