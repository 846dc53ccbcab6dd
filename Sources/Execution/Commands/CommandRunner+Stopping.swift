private import Glibc

/// How a run ends before its inputs do: it drains, or it is stopped.
extension CommandRunner {
  /// The first SIGINT drains, a second one stops all; others stop all at once. What is stopping already is killed.
  func interrupt(_ signal: Int32) {
    switch ledger.stage {
    case .running where signal == SIGINT: ledger.drain(.interrupted)
    case .running, .draining: ledger.stop(.interrupted)
    case .stopping: slots.forEach { $0.signal(SIGKILL) }
    }
  }

  /// Stops every task under way with its process group.
  func stopTasks(at now: Double) {
    for slot in slots where slot.task != nil { stop(slot, .stopped, at: now) }
  }

  /// A deadline has passed: of the task's time, or of its grace.
  func overdue(_ slot: CommandSlot, at now: Double) {
    if slot.stop == nil {
      stop(slot, .timedOut(afterSeconds: ledger.options.timeoutSeconds ?? 0), at: now)
    } else {
      slot.signal(SIGKILL)
      slot.deadline = nil
    }
  }

  /// Kills a task to make room in memory; it runs again.
  func relieve(_ slot: CommandSlot) {
    slot.stop = .stopped
    slot.isRelieved = true
    slot.signal(SIGKILL)
  }

  private func stop(_ slot: CommandSlot, _ why: CommandOutcome.Ending, at now: Double) {
    guard slot.stop == nil else { return }
    slot.stop = why
    slot.deadline = now + ledger.options.killDelaySeconds
    slot.signal(SIGTERM)
    // A process that is stopped (SIGSTOP) takes no other signal until it goes on.
    slot.signal(SIGCONT)
  }
}
