import AdvisorCore
import Reports
import Tasks

/// Where a run stands, in words: as a block of lines, as one line, or as a line of JSON.
struct RunStatus {
  var progress: RunProgress
  /// Seconds that the rest will take; nil while that is not known.
  var left: ClosedRange<Double>?
  /// The share of all CPUs' time that is not idle.
  var cpu: String?
  /// The last task that has failed, and what it said last.
  var failure: String?
  /// How the keys are explained; nil where they are not.
  var help: String?

  private var done: Int { progress.done + progress.skipped }
  private var share: Double? { progress.total.map { Double(done) / Double(max(1, $0)) } }
  private var rate: Double { progress.seconds > 0 ? Double(progress.done) / progress.seconds : 0 }
  private var count: String { "\(done)\(progress.total.map { "/\($0)" } ?? "")" }
  private var workers: String { AdvisorCore.count(progress.workers, "worker") }
  private var paused: String? {
    progress.pausedForMemory > 0 ? "\(progress.pausedForMemory) paused for memory" : nil
  }
  private var time: String? { progress.isPaused ? nil : left.map { "\(Quantity.text(secondsFrom: $0)) left" } }

  private var state: String {
    if progress.isDraining { return "ending, \(progress.running) still running" }
    return progress.isPaused ? "paused, \(progress.running) still running" : "running"
  }

  /// At most four lines, each of which fits the columns.
  func lines(columns: Int) -> [String] {
    let rate = progress.done > 0 ? "\(Quantity.significant(rate))/s" : nil
    let first = ProgressBar.line(state, share, [count, rate, time].compactMap(\.self), columns: columns)
    let reason = progress.reason.map(Sentences().text)
    let second = Self.fitted([workers, paused, cpu, progress.memory?.text, reason].compactMap(\.self), columns)
    let third = progress.failed > 0 ? "\(progress.failed) failed" + (failure.map { ", last: \($0)" } ?? "") : nil
    return [first, second] + [third, help].compactMap { $0.map { Self.cut($0, columns) } }
  }

  /// For files and pipes.
  var line: String {
    let failed = progress.failed > 0 ? "\(progress.failed) failed" : nil
    return ["\(state): \(count) done", "\(Quantity.significant(rate))/s", failed, time, workers, paused, cpu]
      .compactMap(\.self).joined(separator: ", ")
  }

  /// As many of the parts as fit; of the first that does not, its beginning where that says something.
  private static func fitted(_ parts: [String], _ columns: Int) -> String {
    var text = ""
    for part in parts {
      let next = text.isEmpty ? part : "\(text)  \(part)"
      guard next.count > columns else {
        text = next
        continue
      }
      return columns - text.count >= 20 ? cut(next, columns) : text
    }
    return text
  }

  private static func cut(_ text: String, _ columns: Int) -> String {
    let text = text.printable
    return text.count <= columns ? text : text.prefix(max(0, columns - 1)) + "…"
  }
}

extension RunStatus: Encodable {
  private enum Key: String, CodingKey {
    case done, total, failed, running, workers, perSecond, seconds, secondsLeft, state
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(done, forKey: .done)
    try values.encode(progress.total, forKey: .total)
    try values.encode(progress.failed, forKey: .failed)
    try values.encode(progress.running, forKey: .running)
    try values.encode(progress.workers, forKey: .workers)
    try values.encode(rate, forKey: .perSecond)
    try values.encode(progress.seconds, forKey: .seconds)
    try values.encode(left.map { [$0.lowerBound, $0.upperBound] }, forKey: .secondsLeft)
    try values.encode(progress.isDraining ? "ending" : progress.isPaused ? "paused" : "running", forKey: .state)
  }
}
