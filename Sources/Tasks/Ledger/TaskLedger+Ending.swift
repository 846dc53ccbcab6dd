package import AdvisorCore
private import func Glibc.pow
private import System

/// How single tasks end, fail and are tried again.
extension TaskLedger {
  /// What becomes of a task's output; a folder that is made for it is noted in the task.
  package func output(of task: inout RunTask) throws(AdvisorError) -> TaskOutput {
    if let results { return .files(try results.files(of: &task)) }
    let tag = tag(of: task)
    let output: TaskOutput
    switch options.grouping {
    case .none: return .inherited
    case .lines:
      output = .relayed(output: LineRelay(writer, .output, tag: tag), error: LineRelay(writer, .error, tag: tag))
    case .tasks:
      let memory = writer.memory
      output = .captured(output: CapturedOutput(in: memory), error: CapturedOutput(in: memory))
    }
    if let echo = options.echo {
      let line = recipe.text(of: task) + "\n"
      let sink = output.sinks[echo == .output ? 0 : 1]
      try sink.append(Array(line.utf8))
    }
    return output
  }

  /// What lines of a task's output start with; nil for nothing.
  private func tag(of task: RunTask) -> [UInt8]? {
    guard let template = options.tag else { return options.tags ? task.tag : nil }
    let words = template.arguments(for: task.inputs, sequence: task.sequence, slot: 1)
    return Array(words.joined(separator: [UInt8(ascii: " ")])) + [UInt8(ascii: "\t")]
  }

  /// Leaves out a task that has ended in an earlier run.
  func skip(_ task: RunTask, _ ending: DoneTasks.Ending) throws(AdvisorError) {
    skipped(task, ending)
    options.blocks?.release(task.sequence)
    results?.leaveOut(task)
    if ending == .failed {
      observer?.failedBefore(
        TaskOutcome.name(task.sequence, recipe.words(for: task, slot: 1)) + " failed in an earlier run")
    }
    try writer.add(nil, of: task.sequence)
  }

  /// Has a task that has failed tried again, where it has an attempt left. Returns whether it has.
  package func retry(_ task: RunTask, after outcome: TaskOutcome, at now: Double) -> Bool {
    guard !outcome.succeeded, stage == .running, task.attempt <= options.retries else { return false }
    var again = task
    again.attempt += 1
    let delay = min(30, options.retryDelaySeconds * pow(2, Double(task.attempt - 1)))
    postponed(again, notBefore: now + delay)
    return true
  }

  /// Counts, prints, records and tells a task's last attempt.
  package func finish(_ outcome: TaskOutcome, _ output: TaskOutput) throws(AdvisorError) {
    settled(outcome)
    try hand(on: output, of: outcome)
    options.blocks?.release(outcome.sequence)
    guard try checkOutput() else { return }
    observer?.taskEnded(outcome)
    guard let halt = options.halt, halt.isReached(by: halt.isShare ? progress : calls) else { return }
    let why = halt.event == .fail ? RunSummary.Ending.halted : .satisfied
    if halt.urgency == .now { stop(why) } else { drain(why) }
  }

  /// Ends the run where nobody reads the outputs any more. Returns whether they can still be written.
  ///
  /// - Throws: ``AdvisorError`` (cannotWrite) where they cannot be for another reason, such as a full disk.
  @discardableResult
  func checkOutput() throws(AdvisorError) -> Bool {
    guard let fault = writer.fault else { return true }
    guard fault == Errno.brokenPipe.code else {
      throw AdvisorError(
        .cannotWrite, "cannot write what the tasks print: \(Errno(fault).text)",
        advice: Errno(fault) == .badFileDescriptor
          ? "leave stdout open: >/dev/null"
          : "make room where the output goes; with --journal, --resume goes on from here")
    }
    stop(.outputClosed)
    return false
  }

  private func hand(on output: TaskOutput, of outcome: TaskOutcome) throws(AdvisorError) {
    var piece: OutputWriter.Piece?
    switch output {
    case .inherited: break
    case .captured(let output, let error):
      if table != nil || output.count + error.count > 0 {
        piece = OutputWriter.Piece(tag: tag(of: outcome), output: output, error: error, isShown: table == nil)
      }
    case .relayed(let output, let error):
      output.finish()
      error.finish()
    case .files(let files): try files.finish(outcome.ending)
    }
    // What has not been printed, since it waits for an earlier task or cannot be, is not done: another run does it again.
    let command = jobLog == nil && table == nil ? "" : text(of: outcome)
    let record = { [piece, table, jobLog, journal, hashes = hashes(of: outcome)] () throws(AdvisorError) in
      if let piece { try table?.add(outcome, as: command, piece.output, piece.error) }
      try jobLog?.add(outcome, as: command)
      try journal?.add(outcome, hashes: hashes)
    }
    guard piece == nil else { return try writer.add(piece, of: outcome.sequence, written: record) }
    try writer.add(nil, of: outcome.sequence)
    if writer.fault == nil { try record() }
  }

  /// Where a slot's number is in the command, it is shown as it ran.
  private func text(of outcome: TaskOutcome) -> String {
    guard recipe.template?.namesSlots != true else { return ShellQuoting.text(outcome.arguments) }
    return recipe.text(of: RunTask(sequence: outcome.sequence, inputs: outcome.inputs))
  }

  private func tag(of outcome: TaskOutcome) -> [UInt8]? {
    tag(of: RunTask(sequence: outcome.sequence, inputs: outcome.inputs))
  }

  private func hashes(of outcome: TaskOutcome) -> [UInt64] {
    guard journal != nil else { return [] }
    guard options.batch != nil else { return [source.hash(of: outcome.inputs)] }
    return outcome.inputs.map { source.hash(of: [$0]) }
  }
}

extension RunTask {
  /// What lines of its output start with: its inputs and a tab.
  var tag: [UInt8] { Array(inputs.joined(separator: [UInt8(ascii: " ")])) + [UInt8(ascii: "\t")] }
}
