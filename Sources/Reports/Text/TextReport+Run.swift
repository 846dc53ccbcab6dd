public import AdvisorCore
public import Console

extension TextReport {
  /// Predicted beside observed.
  public static func run(_ record: RunRecord) -> String {
    let plan = record.plan
    let observed = record.observed
    var lines = ["\(record.job.text) with \(StrategyText().name(of: plan))"]
    // A list of downloads is known as a whole, however early the run ends.
    let total = record.downloads == nil ? observed.tasks : record.job.stages.map(\.count).max() ?? observed.tasks
    // Tasks that all fail at once say nothing of a prediction of their work.
    let hasWorked = observed.failed < observed.tasks || observed.tasks == 0
    if let predicted = record.predicted, hasWorked {
      lines.append(indent(comparison(predicted, record, observed).text))
    } else {
      lines.append("  \(Quantity.text(seconds: observed.seconds)), \(text(observed))")
    }
    let done = "\(observed.tasks - observed.failed) of \(count(total, "task")) done"
    lines.append(
      "  " + (total > 0 ? done : "no task has ended")
        + (observed.failed > 0 ? ", \(observed.failed) failed" : ""))
    if let moved = bytesOfATask(record.job) { lines.append("  " + moved) }
    if let downloads = record.downloads { lines.append("  " + text(of: downloads, seconds: observed.seconds)) }
    lines += (record.reasons ?? []).map { wrap(Sentences().text($0), lead: "  ") }
    guard hasWorked, observed.tasks >= total else { return lines.joined(separator: "\n") }
    if let error = record.error {
      let direction = error < 0 ? "faster" : "slower"
      lines.append("  \(Quantity.decimal(abs(error) * 100, places: 1)) % \(direction) than predicted")
    }
    if let usual = record.usual {
      lines.append("  \(usual.command) would have taken \(Quantity.text(seconds: usual.seconds)), by the model")
    }
    return lines.joined(separator: "\n")
  }

  private static func text(of downloads: RunRecord.Downloads, seconds: Double) -> String {
    let bytes = Double(downloads.bytes)
    var text = "\(Quantity.text(bytes: bytes)) downloaded, \(Quantity.text(bytes: bytes / max(seconds, 1e-9)))/s"
    if downloads.skipped > 0 { text += "; \(count(downloads.skipped, "file was", "files were")) there already" }
    if downloads.retries > 0 { text += "; \(downloads.retries) further attempts" }
    return text
  }

  /// What was used, where nothing was predicted that it could stand beside.
  private static func text(_ observed: RunOutcome) -> String {
    let memory = observed.maxRSSBytes.map { ", at most \(Quantity.text(bytes: Double($0))) of memory a process" }
    return "\(Quantity.text(seconds: observed.cpuSeconds)) of CPU time\(memory ?? "")"
  }

  /// Bytes per task below which reading and writing takes no time that counts: starting a program reads as much.
  private static let minBytes = 0x1p20

  /// What the first tasks of a command have read and written, each; nil where that is little.
  private static func bytesOfATask(_ job: Job) -> String? {
    guard let stage = job.stages.last, stage.kind == .command, let read = stage.inputBytes,
      let written = stage.outputBytes, read + written >= minBytes
    else { return nil }
    return "a task reads \(Quantity.text(bytes: read)) and writes \(Quantity.text(bytes: written))"
  }

  private static func interval(_ seconds: Prediction.Seconds) -> String {
    "\(Quantity.text(seconds: seconds.p5)) – \(Quantity.text(seconds: seconds.p95))"
  }

  private static func comparison(
    _ predicted: Prediction, _ record: RunRecord, _ observed: RunOutcome
  ) -> Table {
    let seconds = predicted.seconds
    let expected = predicted.memoryBytes > 0 ? Quantity.text(bytes: predicted.memoryBytes) : "–"
    let memory = observed.maxRSSBytes.map { "\(Quantity.text(bytes: Double($0))) at most a process" } ?? "–"
    let share = Quantity.decimal(100 * (record.revisedShare ?? 0), places: 0)
    let rows = [
      [
        "time", Quantity.text(seconds: seconds.p50), interval(seconds), Quantity.text(seconds: observed.seconds),
      ],
      record.revised.map { ["at \(share) %", Quantity.text(seconds: $0.p50), interval($0), ""] },
      [
        "CPU time", Quantity.text(seconds: predicted.cpuSeconds), "", Quantity.text(seconds: observed.cpuSeconds),
      ],
      ["memory", expected, "", memory],
    ]
    return Table(
      [.init(""), .init("predicted", .right), .init("90 % interval", .right), .init("observed", .right)],
      rows: rows.compactMap(\.self).filter { $0 != ["memory", "–", "", "–"] })
  }
}
