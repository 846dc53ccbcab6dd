internal import AdvisorCore
internal import System

/// Which task starts next, and how.
extension CommandRunner {
  func startTasks(_ poll: borrowing EventPoll) throws(AdvisorError) {
    while hasRoom {
      try considerSpawners(poll)
      guard let permit = permit() else { return try watchTokens(poll) }
      guard let task = try ledger.nextTask(poll, workers: controller.workers, roomBytes: memory.roomBytes)
      else { return giveBack(permit) }
      guard try start(task, permit, poll) else { return }
    }
  }

  /// Whether one more may run beside the others.
  private var hasRoom: Bool {
    guard ledger.options.delaySeconds == 0 || nextStart <= MonotonicClock.seconds else { return false }
    guard ledger.progress.running > 0 else { return true }
    return ledger.progress.running < controller.workers && memory.verdict == .ample && !hasPausedTasks && !runsAlone
  }

  /// Whether the one task that runs is to have all memory to itself.
  private var runsAlone: Bool {
    ledger.progress.running == 1 && slots.contains { $0.task?.runsAlone == true }
  }

  /// Starts a task. False when the system lets no more start now; the task is kept for later.
  private func start(
    _ task: RunTask, _ permit: Permit, _ poll: borrowing EventPoll
  ) throws(AdvisorError) -> Bool {
    guard let protector else { return false }
    var task = task
    let slot = idleSlot()
    lend(permit, to: slot)
    let arguments = template.arguments(for: task.inputs, sequence: task.sequence, slot: slot.number)
    let now = MonotonicClock.seconds
    do {
      let feed = try ledger.options.blocks.map { blocks throws(AdvisorError) in
        try InputFeed(blocks.feed(task.sequence, withHeader: true))
      }
      let output = try ledger.output(of: &task)
      let launch = try slot.take(task, launch(arguments, task, in: slot), output, feed, at: now, poll)
      let protection = protector.entry(slot.number - 1)
      if let spawners {
        spawners.start(slot.number, launch, protection: protection)
      } else {
        try slot.begin(ChildProcess(launch, protection: protection), poll)
      }
      slot.start = starts
    } catch {
      _ = slot.abandon()
      giveBackToken(of: slot)
      return try refused(task, arguments, error, at: now)
    }
    slot.began = clock.now
    slot.deadline = timeLimit.map { clock.now + $0 }
    slot.throttledBefore = looksAtTasks ? readThrottled() : nil
    if looksAtTasks { startsQueuedSeconds += slot.id.flatMap { ProcessLook.schedule(of: $0)?.queuedSeconds } ?? 0 }
    ledger.began()
    starts += 1
    startingSeconds += MonotonicClock.seconds - now
    nextStart = now + ledger.options.delaySeconds
    return true
  }

  private func idleSlot() -> CommandSlot {
    if let slot = slots.first(where: { $0.task == nil }) { return slot }
    let slot = CommandSlot(number: slots.count + 1)
    slots.append(slot)
    return slot
  }

  private func launch(_ arguments: [[UInt8]], _ task: RunTask, in slot: CommandSlot) -> Launch {
    var launch = Launch(
      [], program: program ?? arguments.first.map { String(decoding: $0, as: UTF8.self) },
      environment: ledger.options.environment, directory: ledger.options.directory, input: nullInput,
      output: ledger.options.output)
    launch.rawArguments = arguments
    launch.niceness = ledger.options.niceness
    launch.inherited = inherited
    launch.variables = ["PARALLEL_SEQ=\(task.sequence)", "PARALLEL_JOBSLOT=\(slot.number)", ownIDVariable]
    return launch
  }

  /// A task that could not start: it waits while others run, whose end makes room; else it has failed.
  func refused(
    _ task: RunTask, _ arguments: [[UInt8]], _ error: AdvisorError, at now: Double
  ) throws(AdvisorError) -> Bool {
    switch error.code {
    case .cannotWrite: throw error
    case .temporary:
      guard ledger.progress.running > 0 else { throw error }
      tell(.refused(running: ledger.progress.running), at: now)
      ledger.postponed(task, notBefore: now)
      return false
    default:
      try ledger.finish(
        TaskOutcome(
          sequence: task.sequence, inputs: task.inputs, arguments: arguments, ending: .notStarted(error.problem),
          attempts: task.attempt, startedAt: WallClock.seconds, usage: TaskUsage(weight: task.weight),
          outputBytes: 0), .inherited)
      return true
    }
  }
}
