public import AdvisorCore
public import Console

extension TextReport {
  /// The advice: the answer first, then the ranked table, where the time goes, and why.
  ///
  /// - Parameter rows: how many alternatives the table shows.
  public static func recommendation(_ advice: Recommendation, rows: Int = 8) -> String {
    let parts: [String?] = [
      answer(advice), candidates(advice, rows: rows), breakdown(advice.recommended),
      list("Why", advice.reasons, mark: "•"), list("Mind", advice.warnings, mark: "!"),
      advice.runtime.map { "In \($0.implementation) \($0.version)\n" + indent($0.code) },
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  private static func answer(_ advice: Recommendation) -> String {
    let best = advice.recommended
    let seconds = best.predicted.seconds
    return """
      \(advice.job.text)
        → \(advice.runtime == nil ? name(of: best) : pythonName(of: best)): \(Quantity.text(seconds: seconds.p50)) \
      (90 %: \(Quantity.text(seconds: seconds.p5)) to \(Quantity.text(seconds: seconds.p95)))
          \(Quantity.significant(best.speedup))× sequential, bound by \(best.bindingLimit.rawValue), \
      confidence \(Int((advice.confidence * 100).rounded())) %
      """
  }

  /// `multiprocessing.Pool(2), chunksize=4`.
  private static func pythonName(of candidate: Candidate) -> String {
    let name = candidate.strategy.pythonName(workers: candidate.workers)
    return candidate.strategy == .processes ? "\(name), chunksize=\(candidate.chunk)" : name
  }

  /// `2 threads`, `sequential`, `async with 64 in flight`.
  public static func name(of candidate: Candidate) -> String {
    if let engine = candidate.engine { return "\(engine) with \(candidate.workers) slots" }
    return name(of: candidate.strategy, workers: candidate.workers, stageWorkers: candidate.stageWorkers)
  }

  static func name(of strategy: Strategy, workers: Int, stageWorkers: [Int]?) -> String {
    switch strategy {
    case .sequential: "sequential, one task after the other"
    case .threads: workers == 1 ? "1 thread" : "\(workers) threads"
    case .tasks: "Swift tasks on \(workers) threads"
    case .processes: workers == 1 ? "1 worker process" : "\(workers) worker processes"
    case .async: "one event loop with \(workers) in flight"
    case .pipeline: "a pipeline with \((stageWorkers ?? [workers]).map(String.init).joined(separator: " + ")) workers"
    }
  }

  private static func candidates(_ advice: Recommendation, rows: Int) -> String {
    let hidden = advice.alternatives.count - shown(advice, rows: rows).count
    let rest = hidden > 0 ? "\n  … and \(hidden) more (--json lists all)" : ""
    return indent(candidateTable(advice, rows: rows).text) + rest
  }

  /// The recommended candidate, and so many of the others.
  static func candidateTable(_ advice: Recommendation, rows: Int) -> Table {
    Table(
      [
        .init("strategy"), .init("workers", .right), .init("chunk", .right), .init("predicted", .right),
        .init("90 % interval", .right), .init("speedup", .right), .init("bound by"),
      ],
      rows: ([advice.recommended] + shown(advice, rows: rows)).map { row($0, isPython: advice.runtime != nil) })
  }

  /// The best alternatives, and the engines: who has one wants to know.
  private static func shown(_ advice: Recommendation, rows: Int) -> [Candidate] {
    advice.alternatives.prefix(rows) + advice.alternatives.dropFirst(rows).filter { $0.engine != nil }
  }

  private static func row(_ candidate: Candidate, isPython: Bool) -> [String] {
    let seconds = candidate.predicted.seconds
    let workers = candidate.stageWorkers.map { $0.map(String.init).joined(separator: "+") } ?? "\(candidate.workers)"
    return [
      // The address of one is too wide for a table; the reasons name it in full.
      candidate.engine.map { String($0.prefix { $0 != " " }) }
        ?? (isPython ? candidate.strategy.pythonWord : candidate.strategy.rawValue), workers,
      Quantity.text(count: Double(candidate.chunk)),
      Quantity.text(seconds: seconds.p50),
      "\(Quantity.text(seconds: seconds.p5)) – \(Quantity.text(seconds: seconds.p95))",
      "\(Quantity.significant(candidate.speedup))×", candidate.bindingLimit.rawValue,
    ]
  }

  private static func breakdown(_ candidate: Candidate) -> String {
    // What is less than a thousandth of the whole is not where the time goes; --json has it.
    let worthNaming = candidate.predicted.breakdown.filter { $0.seconds >= candidate.predicted.seconds.p50 / 1000 }
    let parts = worthNaming.map { "\($0.name) \(Quantity.text(seconds: $0.seconds))" }
    let memory = Quantity.text(bytes: candidate.predicted.memoryBytes)
    let cpu = Quantity.text(seconds: candidate.predicted.cpuSeconds)
    return """
      Where the time goes
      \(wrap(parts.joined(separator: ", "), lead: "  • "))
      \(wrap("\(cpu) of CPU time in all, \(memory) of memory", lead: "  • "))
      """
  }
}
