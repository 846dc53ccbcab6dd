import AdvisorCore
private import System

/// How a run ends before its inputs do: it drains, or it is stopped.
extension CommandRunner {
  /// The first SIGINT drains, a second one stops all, as the first does of a command without inputs; others stop all at
  /// once. What is stopping already is killed.
  /// SIGUSR1 and SIGUSR2 ask for a worker more and one less, as they do of xargs.
  func interrupt(_ signal: Int32) {
    switch ledger.stage {
    case _ where signal == Signal.user1 || signal == Signal.user2:
      tell(.asked(more: signal == Signal.user1 ? 1 : -1), at: MonotonicClock.seconds)
    case .running where signal == Signal.interrupt && !ledger.isSingle: ledger.drain(.interrupted(by: signal))
    case .running, .draining: ledger.stop(.interrupted(by: signal))
    case .stopping: slots.forEach { $0.signal(Signal.kill) }
    }
  }

  /// Stops every task under way with its process group.
  func stopTasks() {
    for slot in slots where slot.task != nil { stop(slot, .stopped) }
  }

  /// A deadline has passed: of the task's time, or of its grace.
  func overdue(_ slot: CommandSlot) {
    if slot.stop == nil {
      stop(slot, .timedOut(afterSeconds: timeLimit ?? 0))
    } else {
      slot.signal(Signal.kill)
      slot.deadline = nil
    }
  }

  /// Seconds that a task may take; nil for no limit, and while too few have ended for their median to say it.
  var timeLimit: Double? {
    switch ledger.options.timeout {
    case .seconds(let limit): limit
    case .medians(let factor): durations.count < 3 ? nil : durations.quantile(0.5).map { factor * $0 }
    case nil: nil
    }
  }

  /// Takes in how long a task took that has succeeded; where that sets the limit, it holds for those under way.
  func learnTimeLimit(from seconds: Double) {
    guard case .medians = ledger.options.timeout else { return }
    durations.record(UInt64(max(0, seconds) * 1e9))
    guard let limit = timeLimit else { return }
    for slot in slots where slot.task != nil && slot.stop == nil { slot.deadline = slot.began + limit }
  }

  /// Stops a task, unless it has ended though its end is still to be taken in.
  func stop(_ slot: CommandSlot, _ why: TaskOutcome.Ending) {
    guard slot.stop == nil, !slot.hasEnded else { return }
    slot.stop = why
    slot.signal(Signal.terminate)
    // A process that is stopped (SIGSTOP) takes no other signal until it goes on.
    slot.resume(at: MonotonicClock.seconds)
    slot.signal(Signal.continue)
    slot.deadline = clock.now + ledger.options.killDelaySeconds
  }
}
