internal import AdvisorCore
private import Glibc

/// How single tasks end, fail and are tried again.
extension CommandRunner {
  /// Takes in the end of a slot's process.
  func end(_ slot: CommandSlot) throws(AdvisorError) {
    let now = Self.seconds()
    // Gone once it is reaped; the first tasks stand for all.
    let looked = controller.isPilot || progress.done < Self.mostLookedAt ? slot.id : nil
    let queued = looked.flatMap { ProcessLook.schedule(of: $0) }?.queuedSeconds ?? 0
    let transfers = looked.flatMap { ProcessLook.transfers(of: $0) }
    guard let (task, exit) = try slot.end() else { return }
    progress.running -= 1
    let wall = now - slot.startedAt
    var outcome = CommandOutcome(
      sequence: task.sequence, inputs: task.inputs, arguments: slot.arguments,
      ending: slot.stop ?? Self.ending(of: exit), attempts: task.attempt, weight: task.weight,
      startedAt: Self.dateSeconds() - wall, wallSeconds: wall, cpuSeconds: exit.cpuSeconds,
      maxRSSBytes: peakMemory(of: exit), outputBytes: slot.output.count)
    outcome.queuedSeconds = queued
    (outcome.readBytes, outcome.writtenBytes) = (transfers?.readBytes, transfers?.writtenBytes)
    count(outcome, at: now)
    if outcome.succeeded { learnTimeLimit(from: wall) }
    if slot.isRelieved, stage == .running {
      retries.insert(task, notBefore: now)
    } else if let again = again(task, after: outcome) {
      retries.insert(again.task, notBefore: now + again.delaySeconds)
    } else {
      source.ended(task, seconds: wall)
      try finish(outcome, slot.output)
    }
  }

  /// Adds up what a call has used, and tells the controller; of a batch, what one input has.
  private func count(_ outcome: CommandOutcome, at now: Double) {
    progress.cpuSeconds += outcome.cpuSeconds
    if let peak = outcome.maxRSSBytes { progress.maxRSSBytes = max(progress.maxRSSBytes ?? 0, peak) }
    let weight = Double(max(1, outcome.weight))
    tell(
      .ended(
        WorkerController.Usage(
          wallSeconds: outcome.wallSeconds / weight, cpuSeconds: outcome.cpuSeconds / weight,
          queuedSeconds: outcome.queuedSeconds / weight, memoryBytes: outcome.maxRSSBytes.map(Double.init) ?? 0,
          dispatchSeconds: dispatchSeconds() / weight)), at: now)
  }

  /// The task's next attempt, when it has failed and has one left.
  private func again(_ task: CommandTask, after outcome: CommandOutcome) -> (task: CommandTask, delaySeconds: Double)? {
    guard !outcome.succeeded, stage == .running else { return nil }
    var again = task
    if outcome.ending == .killed(signal: SIGKILL), task.memoryKills < 1, wasKilledForMemory() {
      again.memoryKills += 1
      tell(.shortOfMemory(running: progress.running + 1), at: Self.seconds())
      return (again, 0)
    }
    guard task.attempt <= options.retries else { return nil }
    again.attempt += 1
    return (again, min(30, options.retryDelaySeconds * pow(2, Double(task.attempt - 1))))
  }

  /// Whether the kernel has killed more for want of memory than the tasks that were told of it so far: it may kill several
  /// before the first of them is seen to end.
  private func wasKilledForMemory() -> Bool {
    guard countMemoryKills() > memoryKills else { return false }
    memoryKills += 1
    return true
  }

  private static func ending(of exit: Exit) -> CommandOutcome.Ending {
    switch exit.status {
    case .exited(0): .succeeded
    case .exited(let status): .exited(status: status)
    case .killed(let signal): .killed(signal: signal)
    }
  }

  /// Counts and tells a task's last attempt.
  func finish(_ outcome: CommandOutcome, _ output: TaskOutput) throws(AdvisorError) {
    switch outcome.ending {
    case .succeeded: progress.succeeded += outcome.weight
    // It has not failed by itself: the run was ended.
    case .stopped: progress.stopped += outcome.weight
    default: progress.failed += outcome.weight
    }
    try hand(on: output, of: outcome)
    try jobLog?.add(outcome)
    try journal?.add(outcome, hashes: hashes(of: outcome))
    observer?.taskEnded(outcome)
    guard let halt = options.halt, halt.isReached(by: progress) else { return }
    let why = halt.event == .fail ? CommandSummary.Ending.halted : .satisfied
    if halt.urgency == .now { stopAll(why) } else { drain(why) }
  }

  private func hand(on output: TaskOutput, of outcome: CommandOutcome) throws(AdvisorError) {
    var piece: OutputWriter.Piece?
    switch output {
    case .inherited: break
    case .captured(let output, let error):
      if output.count + error.count > 0 {
        piece = OutputWriter.Piece(tag: options.tags ? outcome.tag : nil, output: output, error: error)
      }
    case .relayed(let output, let error):
      output.finish()
      error.finish()
    case .files(let files): try files.finish(outcome.ending)
    }
    writer.add(piece, of: outcome.sequence)
  }

  private func hashes(of outcome: CommandOutcome) -> [UInt64] {
    guard options.batch != nil else { return [template.hash(of: outcome.inputs)] }
    return outcome.inputs.map { template.hash(of: [$0]) }
  }

  static func dateSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension CommandOutcome {
  var tag: [UInt8] { CommandTask(sequence: sequence, inputs: inputs).tag }
}

extension CommandTask {
  /// What lines of its output start with: its inputs and a tab.
  var tag: [UInt8] { Array(inputs.joined(separator: [UInt8(ascii: " ")])) + [UInt8(ascii: "\t")] }
}
