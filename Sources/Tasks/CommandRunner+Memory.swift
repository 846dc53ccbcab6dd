internal import System

/// What becomes of tasks where memory runs low.
extension CommandRunner {
  func watchMemory(at now: Double) {
    let verdict = memory.judge(
      readMemory(), taskBytes: controller.memoryPerTask, isAwaited: hasPausedTasks, at: now)
    guard memory.isHalfGone || hasPausedTasks, ledger.stage != .stopping else { return }
    let slots = slots.filter { $0.task != nil && $0.stop == nil && !$0.hasEnded }
    let turns = MemoryTurns(
      slots.compactMap { $0.lookAtMemory(minRise: memory.minRise, at: now) }, canPreempt: ledger.stage == .running)
    let steps = turns.steps(
      verdict, roomBytes: memory.roomBytes, isRelieved: slots.count < ledger.progress.running)
    for step in steps { take(step, at: now) }
    hasPausedTasks = self.slots.contains { $0.isPaused }
  }

  private func take(_ step: MemoryTurns.Step, at now: Double) {
    switch step {
    case .pause(let slot): slots[slot - 1].pause(at: now)
    case .resume(let slot): slots[slot - 1].resume(at: now)
    case .preempt(let slot): slots[slot - 1].preempt(at: now)
    }
  }
}
