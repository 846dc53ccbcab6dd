import AdvisorCore
public import Console

extension TextReport {
  /// The advice: the answer first, then the ranked table, where the time goes, and why.
  ///
  /// - Parameter rows: how many alternatives the table shows.
  public static func recommendation(_ advice: RecommendationDocument, rows: Int = 8) -> String {
    let parts: [String?] = [
      answer(advice), candidates(advice, rows: rows), breakdown(advice.recommended),
      advice.intervalSplit.map(intervalSplit),
      list("Why", advice.reasons.map(\.text), mark: "•"), list("Caveats", advice.caveats.map(\.text), mark: "!"),
      advice.runtime.map { "In \($0.implementation) \($0.version)\n" + indent($0.code) },
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  private static func answer(_ advice: RecommendationDocument) -> String {
    let best = advice.recommended
    let seconds = best.predicted.seconds
    let way = name(ofRecommendedIn: advice)
    let time =
      "\(Quantity.text(seconds: seconds.p50)) (90 %: \(Quantity.text(seconds: seconds.p5)) to "
      + "\(Quantity.text(seconds: seconds.p95)))"
    let merit =
      "\(Quantity.significant(best.speedup))× sequential, bound by \(best.bindingLimit.rawValue), confidence "
      + "\(Int((advice.confidence * 100).rounded())) %"
    return [advice.job.text, wrap("\(way): \(time)", lead: "  → "), wrap(merit, lead: "    ")].joined(separator: "\n")
  }

  /// In Python with what `Pool.map` must be told: `multiprocessing.Pool(2), chunksize=4`.
  private static func name(ofRecommendedIn advice: RecommendationDocument) -> String {
    let name = advice.strategies.name(of: advice.recommended)
    guard advice.runtime != nil, advice.recommended.strategy == .processes else { return name }
    return "\(name), chunksize=\(advice.recommended.chunk)"
  }

  private static func candidates(_ advice: RecommendationDocument, rows: Int) -> String {
    let hidden = advice.alternatives.count - shown(advice, rows: rows).count
    let rest = hidden > 0 ? "\n  … and \(hidden) more (--json lists all)" : ""
    return indent(candidateTable(advice, rows: rows).text) + rest
  }

  /// The recommended candidate, and the next `rows` of the others.
  static func candidateTable(_ advice: RecommendationDocument, rows: Int) -> Table {
    Table(
      [
        .init("strategy"), .init("workers", .right), .init("chunk", .right, isMinor: true), .init("predicted", .right),
        .init("90 % interval", .right), .init("speedup", .right), .init("bound by", isMinor: true),
      ],
      rows: ([advice.recommended] + shown(advice, rows: rows)).map { row($0, advice.strategies) })
  }

  /// The best alternatives, and the engines: who has one wants to know.
  private static func shown(_ advice: RecommendationDocument, rows: Int) -> [Candidate] {
    advice.alternatives.prefix(rows) + advice.alternatives.dropFirst(rows).filter { $0.engine != nil }
  }

  private static func row(_ candidate: Candidate, _ strategies: StrategyText) -> [String] {
    let seconds = candidate.predicted.seconds
    let workers = StrategyText.workers(candidate.workers, ofStages: candidate.stageWorkers)
    return [
      // The address of one is too wide for a table; the reasons name it in full.
      candidate.engine.map { String($0.prefix { $0 != " " }) } ?? strategies.word(candidate.strategy), workers,
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
