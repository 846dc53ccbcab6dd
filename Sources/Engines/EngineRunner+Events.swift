internal import AdvisorCore
import System
internal import Tasks

/// What happens to tasks.
extension EngineRunner {
  func handle(_ event: EngineEvent) throws(AdvisorError) {
    switch event {
    case .ready: isReady = true
    case .workers(let all): workers = all
    case .ended(let result): try end(result)
    case .lost(let id, let why): try lose(id, why)
    case .withdrawn(let id):
      if let task = underWay.removeValue(forKey: id)?.task { ledger.withdrew(task) }
    case .note(let text): ledger.observer?.noted(text)
    }
  }

  func end(_ result: EngineResult) throws(AdvisorError) {
    // What was told before is told again where a worker was lost after it had ended: once is enough.
    guard let submission = underWay.removeValue(forKey: result.id) else { return }
    var task = submission.task
    var usage = result.usage
    usage.weight = task.weight
    let outcome = TaskOutcome(
      sequence: task.sequence, inputs: task.inputs, arguments: submission.words, ending: result.ending,
      attempts: task.attempt, startedAt: result.startedAt, usage: usage,
      outputBytes: result.output.count)
    ended = (ended.count + 1, ended.seconds + usage.wallSeconds)
    ledger.ended(usage)
    guard !ledger.retry(task, after: outcome, at: MonotonicClock.seconds) else { return }
    ledger.source.ended(task, seconds: usage.wallSeconds)
    let output = try ledger.output(of: &task)
    try output.take(result.output, result.error)
    try ledger.finish(outcome, output)
  }

  /// Submits a task again whose worker is gone.
  private func lose(_ id: Int, _ why: String) throws(AdvisorError) {
    guard let submission = underWay[id] else { return }
    guard ledger.stage == .running else {
      return try end(EngineResult(id: id, ending: .stopped, startedAt: WallClock.seconds))
    }
    guard submission.task.losses < Self.maxLosses else {
      let reason = "was lost \(submission.task.losses + 1) times: \(why)"
      return try end(EngineResult(id: id, ending: .failed(reason), startedAt: WallClock.seconds))
    }
    underWay[id] = nil
    ledger.lost(submission.task)
  }
}

extension TaskOutput {
  /// Takes what a task has written elsewhere.
  fileprivate func take(_ output: [UInt8], _ error: [UInt8]) throws(AdvisorError) {
    switch self {
    case .inherited, .relayed: break
    case .captured(let kept, let keptError):
      try output.span.bytes.withUnsafeBytes { bytes throws(AdvisorError) in try kept.append(bytes) }
      try error.span.bytes.withUnsafeBytes { bytes throws(AdvisorError) in try keptError.append(bytes) }
    case .files(let files): try files.write(output, error)
    }
  }
}
