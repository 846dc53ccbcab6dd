public import AdvisorCore
public import Console

extension TextReport {
  /// What it costs to run tasks on an engine, and what its workers are.
  public static func engine(_ engine: EngineCosts) -> String {
    let start = engine.isUp ? "it is up; a run only has to reach it" : "it is started for each run"
    let parts: [String?] = [
      """
      \(engine.name), \(count(engine.slots, "slot"))
        \(start); measured \(engine.measuredAt)
      """,
      "Costs\n" + indent(costs(engine).text), "Workers\n" + indent(workers(engine).text) + unlisted(engine),
      list("Caveats", engine.quality.map(Sentences().text), mark: "!"),
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  private static func costs(_ engine: EngineCosts) -> Table {
    let rows: [(String, Estimate?)] = [
      (engine.isUp ? "until it is reached" : "until it takes tasks", engine.readySeconds),
      ("then, until the first task is home", engine.firstTaskSeconds),
      ("a call, for who hands them out", engine.submissionSeconds), ("a call, on its worker", engine.taskSeconds),
      ("a further task in a call", engine.itemSeconds), ("data to the workers", engine.uploadBytesPerSecond),
      ("data back", engine.downloadBytesPerSecond), ("source to worker", engine.sourceBytesPerSecond),
      ("worker to worker", engine.workerBytesPerSecond),
    ]
    return Table(
      [.init("cost"), .init("value", .right), .init("90 % interval", .right)],
      rows: rows.compactMap { name, estimate in estimate.map { [name, figure($0), interval($0)] } })
  }

  private static let maxWorkers = 10

  private static func workers(_ engine: EngineCosts) -> Table {
    Table(
      [
        .init("name"), .init("host"), .init("slots", .right), .init("CPUs", .right), .init("memory", .right),
        .init("a unit", .right),
      ],
      rows: engine.workers.prefix(maxWorkers).map { worker in
        [
          worker.name, worker.host, "\(worker.slots)",
          worker.probe.map { Quantity.significant($0.effectiveCPUs) } ?? "–",
          worker.probe.map { Quantity.text(bytes: Double($0.memoryBytes)) } ?? "–",
          worker.probe?.secondsPerUnit.map(figure) ?? "–",
        ]
      })
  }

  private static func unlisted(_ engine: EngineCosts) -> String {
    let count = engine.workers.count - maxWorkers
    return count > 0 ? "\n  … and \(count) more (--json lists all)" : ""
  }
}
