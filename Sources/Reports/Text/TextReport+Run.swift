public import AdvisorCore

extension TextReport {
  /// Predicted beside observed.
  public static func run(_ record: RunRecord) -> String {
    let plan = record.plan
    let observed = record.observed
    let way =
      plan.engine.map { "\($0), \(plan.workers) slots" }
      ?? name(of: plan.strategy, workers: plan.workers, stageWorkers: plan.stageWorkers)
    var lines = ["\(record.job.text) with \(way)"]
    lines.append(indent(comparison(record).text))
    lines.append(
      "  \(observed.tasks - observed.failed) of \(observed.tasks) tasks done"
        + (observed.failed > 0 ? ", \(observed.failed) failed" : ""))
    if let downloads = record.downloads { lines.append("  " + text(of: downloads, seconds: observed.seconds)) }
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
    if downloads.skipped > 0 { text += "; \(downloads.skipped) files were there already" }
    if downloads.retries > 0 { text += "; \(downloads.retries) further attempts" }
    return text
  }

  private static func comparison(_ record: RunRecord) -> Table {
    let observed = record.observed
    let predicted = record.predicted
    let seconds = predicted?.seconds
    let interval = seconds.map { "\(Quantity.text(seconds: $0.p5)) – \(Quantity.text(seconds: $0.p95))" }
    return Table(
      [.init(""), .init("predicted", .right), .init("90 % interval", .right), .init("observed", .right)],
      rows: [
        [
          "time", seconds.map { Quantity.text(seconds: $0.p50) } ?? "–", interval ?? "–",
          Quantity.text(seconds: observed.seconds),
        ],
        [
          "CPU time", predicted.map { Quantity.text(seconds: $0.cpuSeconds) } ?? "–", "",
          Quantity.text(seconds: observed.cpuSeconds),
        ],
        [
          "memory", predicted.map { Quantity.text(bytes: $0.memoryBytes) } ?? "–", "",
          observed.maxRSSBytes.map { "\(Quantity.text(bytes: Double($0))) at most a process" } ?? "–",
        ],
      ])
  }
}
