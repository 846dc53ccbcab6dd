import AdvisorCore
import ArgumentParser
import Console
import Documents
import Reports
import System
import Tasks

extension OutputOptions {
  /// Shows what a run of tasks took and left undone, and ends the program as the run has ended.
  ///
  /// - Parameter isRecorded: whether a journal or a log tells another run what has been done.
  func show(_ record: RunRecord, _ summary: RunSummary, isRecorded: Bool) throws {
    if json {
      try Terminal.output(JSONDocument.text(of: Document(record)))
    } else if summary.progress.done > 0 {
      Terminal.note(TextReport.run(record))
    }
    for note in summary.notes(isRecorded: isRecorded) { Terminal.note(note) }
    if case .inputsFailed(let error) = summary.ending { Terminal.complain(error) }
    if summary.exitStatus != 0 { throw ExitCode(summary.exitStatus) }
  }
}

extension RunSummary {
  /// What the figures of a run do not tell: what it has left out, and how to go on.
  ///
  /// - Parameter isRecorded: whether a journal or a log tells another run what has been done.
  func notes(isRecorded: Bool) -> [String] {
    [reason(isRecorded: isRecorded), earlierFailures].compactMap(\.self)
  }

  private func reason(isRecorded: Bool) -> String? {
    let goOn = isRecorded ? "; run the same again with --resume to go on" : ""
    switch ending {
    case .finished: return leftOut
    case .interrupted(let signal):
      let stopped = progress.stopped > 0 ? ", \(progress.stopped) under way stopped" : ""
      let rest = progress.total == done ? "" : goOn
      return "\(signal == Signal.interrupt ? "interrupted" : "terminated"): \(share)\(stopped)\(rest)"
    case .halted, .satisfied: return "halted, as --halt says: \(share)\(goOn)"
    case .inputsFailed where progress.done + progress.skipped == 0: return nil
    case .inputsFailed: return "stopped at a bad input; before it, \(share)\(goOn)"
    case .outputClosed: return nil
    }
  }

  /// What a run had nothing to do with; of tasks that have failed tells ``earlierFailures``.
  private var leftOut: String? {
    if total == 0 { return "no inputs: nothing ran" }
    guard doneBefore > 0 else { return nil }
    return "\(isIdle ? "nothing to do: " : "")\(doneBefore) of \(total) already done"
  }

  private var total: Int { progress.total ?? progress.done + progress.skipped }

  private var doneBefore: Int { progress.skipped - progress.failedBefore }

  /// Whether all was left out.
  private var isIdle: Bool { progress.done == 0 && progress.skipped == total }

  /// `34 of 120 tasks done, 3 failed`, those of earlier runs among them.
  private var share: String {
    let failed = progress.failed + progress.failedBefore
    let share = progress.total.map { "\(done) of \(count($0, "task")) done" } ?? "\(count(done, "task")) done"
    return failed > 0 ? "\(share), \(failed) failed" : share
  }

  private var done: Int { progress.succeeded + doneBefore }

  var earlierFailures: String? {
    let failed = progress.failedBefore
    guard failed > 0 else { return nil }
    let why = "\(count(failed, "task")) failed in an earlier run: --resume-failed tries them again"
    return isIdle && doneBefore == 0 ? "nothing to do, \(why)" : why
  }
}
