import AdvisorCore
public import Console

extension TextReport {
  /// What tuning has shown: the runs, the pick, why, and the line to paste.
  public static func tuning(_ document: TuningDocument) -> String {
    let report = document.report
    var lines = [wrap(report.command, lead: ""), indent(table(report).text), "", wrap(answer(report), lead: "  → ")]
    lines += [document.cause?.text].compactMap(\.self).map { wrap($0, lead: "    ") }
    lines += document.reasons.map { wrap($0.text, lead: "    ") }
    lines += document.caveats.map { wrap($0.text, lead: "  ! ") }
    if let earlier = report.earlier { lines.append(wrap(origin(earlier, report), lead: "    ")) }
    lines.append(wrap(cost(report), lead: "    "))
    if let line = report.line { lines += ["", "  \(line)"] }
    return lines.joined(separator: "\n")
  }

  /// `n = 4`.
  private static func text(_ values: [String: String], _ report: TuningReport) -> String {
    report.knobs.map { "\($0.name) = \(values[$0.name] ?? "")" }.joined(separator: ", ")
  }

  private static func answer(_ report: TuningReport) -> String {
    guard let best = report.recommended, let gain = report.gain else {
      return "No answer yet: no run has ended."
    }
    let (pick, start) = (text(best, report), text(report.start, report))
    let word = report.objective == "time" || report.objective == "p90" ? "faster" : "better"
    let usual = report.usual.flatMap { beside($0, best, report, word) } ?? ""
    switch report.verdict {
    case .better: return "\(pick): \(percent(gain.value)) \(word) than \(start) (90 %: \(range(gain)))\(usual)."
    case .noDifference where best == report.start: return "\(pick): no other value is worth a change\(usual)."
    case .noDifference: return "\(pick): no difference that matters, \(range(gain)) \(word) than \(start)\(usual)."
    case .undecided where best == report.start: return "\(pick) is the best so far; others may be better\(usual)."
    case .undecided:
      return "\(pick) looks best, but the runs differ too much to tell: \(range(gain)) \(word) than \(start)\(usual)."
    case .infeasible: return "No value works."
    }
  }

  private static func range(_ gain: IntervalEstimate) -> String { "\(percent(gain.low)) to \(percent(gain.high))" }

  /// The gain over what the program takes by itself, where that is neither the pick nor the start.
  private static func beside(
    _ usual: TuningReport.Usual, _ best: [String: String], _ report: TuningReport, _ word: String
  ) -> String? {
    if best.values.first == "\(usual.value)" { return ", which is what \(usual.program) takes by itself" }
    guard report.start.values.first != "\(usual.value)" else { return "; \(usual.program) would take that" }
    return "; \(percent(usual.gain.value)) \(word) (\(range(usual.gain))) than the \(usual.value) that "
      + "\(usual.program) takes by itself"
  }

  private static func origin(_ earlier: TuningReport.Earlier, _ report: TuningReport) -> String {
    let runs = count(earlier.runs, "run")
    return
      "Started from the \(runs) of \(earlier.at.prefix(10)), which found \(text(earlier.recommended, report)) best."
  }

  private static func cost(_ report: TuningReport) -> String {
    let runs = "\(count(report.runs.count, "run")), \(Quantity.text(seconds: report.seconds))"
    let loss = report.lossOfStopping.map { "; stopping now costs \(percent($0)) on average" } ?? ""
    let cause =
      switch report.stoppedBecause {
      case .settled, .infeasible: ""
      case .stalled: ", and more runs would hardly change that"
      case .maxRuns: "; --max-runs allows more"
      case .budget: "; the budget is spent: --budget allows more"
      case .interrupted: "; interrupted"
      }
    return runs + loss + cause + "."
  }
}

extension TextReport {
  /// A row for each value that ran, in the order of the values.
  private static func table(_ report: TuningReport) -> Table {
    let hasFigure = report.runs.contains { $0.figure != nil }
    let columns: [Table.Column] =
      [.init("")] + report.knobs.map { .init($0.name, .right) } + [
        .init("runs", .right), .init("time", .right), .init("±", .right),
      ]
      + [.init("CPUs", .right), .init("memory", .right)] + (hasFigure ? [.init("figure", .right)] : [])
    return Table(columns, rows: grouped(report).map { row($0, report, hasFigure) })
  }

  private static func grouped(_ report: TuningReport) -> [[TuningReport.Run]] {
    var groups: [[TuningReport.Run]] = []
    for run in report.runs {
      if let index = groups.firstIndex(where: { $0[0].values == run.values }) {
        groups[index].append(run)
      } else {
        groups.append([run])
      }
    }
    func key(_ group: [TuningReport.Run]) -> [Int] {
      report.knobs.map { knob in
        let value = group[0].values[knob.name] ?? ""
        return Int(value) ?? knob.values.firstIndex(of: value) ?? 0
      }
    }
    return groups.sorted { key($0).lexicographicallyPrecedes(key($1)) }
  }

  private static func row(_ runs: [TuningReport.Run], _ report: TuningReport, _ hasFigure: Bool) -> [String] {
    let good = runs.filter { $0.failure == nil }
    let times = good.map(\.seconds)
    let mark = runs[0].values == report.recommended ? "→" : ""
    let head = [mark] + report.knobs.map { runs[0].values[$0.name] ?? "" } + ["\(runs.count)"]
    guard !times.isEmpty else { return head + [runs[0].failure.map(shortened) ?? ""] }
    let cpus = good.compactMap { run in run.cpuSeconds.map { $0 / run.seconds } }
    let memory = good.compactMap(\.maxRSSBytes).max().map { Quantity.text(bytes: $0) } ?? ""
    let figures = hasFigure ? [middle(good.compactMap(\.figure)).map { Quantity.significant($0) } ?? ""] : []
    return head
      + [
        middle(times).map { Quantity.text(seconds: $0) } ?? "", spread(times),
        middle(cpus).map { Quantity.significant(($0 * 100).rounded() / 100) } ?? "", memory,
      ] + figures
  }

  private static func shortened(_ failure: TrialFailure) -> String {
    if case .exited(let status) = failure { return "exit \(status)" }
    return Sentences().text(failure)
  }

  private static func middle(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// Half of what lies between the extremes, as a share of the middle; nothing for one run.
  private static func spread(_ values: [Double]) -> String {
    guard values.count > 1, let low = values.min(), let high = values.max(), let middle = middle(values) else {
      return ""
    }
    return percent((high - low) / 2 / middle)
  }
}
