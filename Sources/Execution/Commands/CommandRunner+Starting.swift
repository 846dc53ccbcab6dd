internal import AdvisorCore

/// Which task starts next, and how.
extension CommandRunner {
  func startTasks(_ poll: borrowing EventPoll) throws(AdvisorError) {
    while stage == .running, hasRoom, let task = try nextTask(poll) {
      guard try start(task, poll) else { return }
    }
  }

  /// Whether one more may run beside the others.
  private var hasRoom: Bool {
    guard progress.running > 0 else { return true }
    return progress.running < controller.workers && memory.verdict == .ample && !runsAlone
  }

  /// Whether the one task that runs is to have all memory to itself.
  private var runsAlone: Bool {
    progress.running == 1 && slots.contains { $0.task?.runsAlone == true }
  }

  /// The task that can start now: one to be tried again, else one with the next inputs, else one that waits for the others
  /// to end.
  private func nextTask(_ poll: borrowing EventPoll) throws(AdvisorError) -> CommandTask? {
    if let task = retries.next(at: Self.seconds()) { return task }
    while !inputsEnded, !watchesInputs, !writer.isFull {
      switch try source.next(workers: controller.workers) {
      case .task(let task): return task
      case .skipped(let sequence):
        progress.skipped += 1
        writer.add(nil, of: sequence)
      case .waiting:
        if let descriptor = source.descriptor { try poll.add(descriptor, as: Self.inputEvent) }
        watchesInputs = true
      case .end:
        inputsEnded = true
        progress.total = source.taken
      }
    }
    return progress.running == 0 ? retries.nextAlone() : nil
  }

  /// Starts a task. False when the system lets no more start now; the task is kept for later.
  private func start(_ task: CommandTask, _ poll: borrowing EventPoll) throws(AdvisorError) -> Bool {
    guard let protector else { return false }
    var task = task
    let slot = idleSlot()
    let arguments = template.arguments(for: task.inputs, sequence: task.sequence, slot: slot.number)
    let now = Self.seconds()
    do {
      let feed = try options.parts.map { parts throws(AdvisorError) in
        try InputFeed(parts, parts.part(task.sequence))
      }
      let output = try output(of: &task)
      try slot.start(
        task, launch(arguments), output, feed, protection: protector.entry(slot.number - 1), at: now, poll)
    } catch {
      return try refused(task, arguments, error, at: now)
    }
    slot.deadline = timeLimit.map { now + $0 }
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

  private func launch(_ arguments: [[UInt8]]) -> Launch {
    var launch = Launch(
      [], program: program ?? arguments.first.map { String(decoding: $0, as: UTF8.self) },
      environment: options.environment, directory: options.directory, output: options.output)
    launch.rawArguments = arguments
    launch.niceness = options.niceness
    return launch
  }

  private func output(of task: inout CommandTask) throws(AdvisorError) -> TaskOutput {
    if let results { return .files(try results.files(of: &task)) }
    let tag = options.tags ? task.tag : nil
    switch options.grouping {
    case .none: return .inherited
    case .lines:
      return .relayed(output: LineRelay(writer, .output, tag: tag), error: LineRelay(writer, .error, tag: tag))
    case .tasks: return .captured(output: CapturedOutput(), error: CapturedOutput())
    }
  }

  /// A task that could not start: it waits while others run, whose end makes room; else it has failed.
  private func refused(
    _ task: CommandTask, _ arguments: [[UInt8]], _ error: AdvisorError, at now: Double
  ) throws(AdvisorError) -> Bool {
    switch error.code {
    case .cannotWrite: throw error
    case .temporary:
      guard progress.running > 0 else { throw error }
      tell(.refused(running: progress.running), at: now)
      retries.insert(task, notBefore: now)
      return false
    default:
      try finish(
        CommandOutcome(
          sequence: task.sequence, inputs: task.inputs, arguments: arguments, ending: .notStarted(error.problem),
          attempts: task.attempt, weight: task.weight, startedAt: Self.dateSeconds(), wallSeconds: 0, cpuSeconds: 0,
          maxRSSBytes: nil, outputBytes: 0), .inherited)
      return true
    }
  }
}
