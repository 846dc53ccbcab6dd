internal import AdvisorCore
private import Glibc

/// How single tasks start, end, fail and are tried again.
extension CommandRunner {
  /// Starts a task. False when the system lets no more start now; the task is kept for later.
  func start(_ task: CommandTask, _ poll: borrowing EventPoll) throws(AdvisorError) -> Bool {
    let slot = idleSlot()
    let arguments = template.arguments(for: task.inputs, sequence: task.sequence, slot: slot.number)
    let now = Self.seconds()
    var launch = Launch(
      [], program: program ?? arguments.first.map { String(decoding: $0, as: UTF8.self) },
      environment: options.environment, directory: options.directory)
    launch.rawArguments = arguments
    do {
      try slot.start(task, launch, at: now, captured: options.groups, poll)
    } catch {
      return try refused(task, arguments, error, at: now)
    }
    slot.deadline = options.timeoutSeconds.map { now + $0 }
    progress.running += 1
    starts += 1
    return true
  }

  private func idleSlot() -> CommandSlot {
    if let slot = slots.first(where: { $0.task == nil }) { return slot }
    let slot = CommandSlot(number: slots.count + 1)
    slots.append(slot)
    return slot
  }

  /// A task that could not start: it waits while others run, whose end makes room; else it has failed.
  private func refused(
    _ task: CommandTask, _ arguments: [[UInt8]], _ error: AdvisorError, at now: Double
  ) throws(AdvisorError) -> Bool {
    if error.code == .temporary {
      guard progress.running > 0 else { throw error }
      tell(.refused(running: progress.running), at: now)
      retries.insert(task, notBefore: now)
      return false
    }
    try finish(
      CommandOutcome(
        sequence: task.sequence, inputs: task.inputs, arguments: arguments, ending: .notStarted(error.problem),
        attempts: task.attempt, startedAt: Self.dateSeconds(), wallSeconds: 0, cpuSeconds: 0, maxRSSBytes: nil,
        outputBytes: 0), output: nil)
    return true
  }

  /// Takes in the end of a slot's process.
  func end(_ slot: CommandSlot) throws(AdvisorError) {
    let now = Self.seconds()
    // What it has waited in the run queue is gone once it is reaped; the pilot alone wants to know.
    let queued = controller.isPilot ? slot.id.flatMap { ProcessLook.schedule(of: $0) }?.queuedSeconds : nil
    guard let (task, exit) = try slot.end() else { return }
    progress.running -= 1
    let wall = now - slot.startedAt
    let outcome = CommandOutcome(
      sequence: task.sequence, inputs: task.inputs, arguments: slot.arguments,
      ending: slot.stop ?? Self.ending(of: exit), attempts: task.attempt, startedAt: Self.dateSeconds() - wall,
      wallSeconds: wall, cpuSeconds: exit.cpuSeconds, maxRSSBytes: memory(of: exit), outputBytes: slot.output.count)
    progress.cpuSeconds += exit.cpuSeconds
    if let peak = memory(of: exit) { progress.maxRSSBytes = max(progress.maxRSSBytes ?? 0, peak) }
    tell(
      .ended(
        WorkerController.Usage(
          wallSeconds: wall, cpuSeconds: exit.cpuSeconds, queuedSeconds: queued ?? 0,
          memoryBytes: memory(of: exit).map(Double.init) ?? 0, dispatchSeconds: dispatchSeconds())), at: now)
    if let again = again(task, after: outcome) {
      retries.insert(again.task, notBefore: now + again.delaySeconds)
    } else {
      try finish(outcome, output: piece(of: slot, task))
    }
  }

  /// The task's next attempt, when it has failed and has one left.
  private func again(_ task: CommandTask, after outcome: CommandOutcome) -> (task: CommandTask, delaySeconds: Double)? {
    guard !outcome.succeeded, stage == .running else { return nil }
    var again = task
    if outcome.ending == .killed(signal: SIGKILL), task.memoryKills < 2, wasKilledForMemory() {
      again.memoryKills += 1
      tell(.killedForMemory, at: Self.seconds())
      return (again, 0)
    }
    guard task.attempt <= options.retries else { return nil }
    again.attempt += 1
    return (again, min(30, options.retryDelaySeconds * pow(2, Double(task.attempt - 1))))
  }

  /// Whether the kernel has killed something for want of memory since we last asked.
  private func wasKilledForMemory() -> Bool {
    let former = memoryKills
    memoryKills = countMemoryKills()
    return memoryKills > former
  }

  private static func ending(of exit: Exit) -> CommandOutcome.Ending {
    switch exit.status {
    case .exited(0): .succeeded
    case .exited(let status): .exited(status: status)
    case .killed(let signal): .killed(signal: signal)
    }
  }

  private func piece(of slot: CommandSlot, _ task: CommandTask) -> OutputWriter.Piece? {
    guard options.groups, slot.output.count + slot.error.count > 0 else { return nil }
    let tag = options.tags ? Array(task.inputs.joined(separator: [UInt8(ascii: " ")])) + [UInt8(ascii: "\t")] : nil
    return OutputWriter.Piece(tag: tag, output: slot.output, error: slot.error)
  }

  /// Counts and tells a task's last attempt.
  private func finish(_ outcome: CommandOutcome, output: OutputWriter.Piece?) throws(AdvisorError) {
    if outcome.succeeded { progress.succeeded += 1 } else { progress.failed += 1 }
    writer.add(output, of: outcome.sequence)
    try jobLog?.add(outcome)
    try journal?.add(outcome, hash: template.hash(of: outcome.inputs))
    observer?.taskEnded(outcome)
    switch options.halt {
    case .soon(let failures) where progress.failed >= failures: drain(.halted)
    case .now(let failures) where progress.failed >= failures: stopAll(.halted)
    default: break
    }
  }

  private static func dateSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
