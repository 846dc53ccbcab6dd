public import AdvisorCore
public import Console

extension TextReport {
  /// The verdict in one sentence, then each job and the fixed rules.
  public static func verification(_ verification: Verification) -> String {
    let parts: [String?] = [
      verdict(verification.summary), indent(cases(verification).text), rules(verification.summary),
      list("Not measured", verification.skipped, mark: "!"),
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n")
  }

  private static func verdict(_ summary: Verification.Summary) -> String {
    wrap(
      "The advice costs \(percent(summary.meanRegret)) over the best way on average (noise alone: "
        + "\(percent(summary.meanNoiseFloor))), the best fixed rule \(percent(summary.meanRegretOfDefault)); "
        + "half of the predictions are within \(percent(summary.medianError)), nine in ten within "
        + "\(percent(summary.p90Error)), and the 90 % intervals cover \(percent(summary.coverage)) of the runs "
        + "(95 % sure: \(percent(summary.coverageInterval.first ?? 0)) to "
        + "\(percent(summary.coverageInterval.last ?? 0))), half of them no wider than "
        + "\(percent(summary.medianWidth)) of the prediction (interval score: "
        + "\(Quantity.significant(summary.meanScore))).", lead: "")
  }

  private static func cases(_ verification: Verification) -> Table {
    Table(
      [
        .init("job"), .init("chosen"), .init("best"), .init("regret", .right), .init("predicted", .right),
        .init("observed", .right), .init(""),
      ],
      rows: verification.cases.map { row in
        [
          String((row.name ?? row.job).prefix(20)), label(row.chosen), label(row.best), percent(row.regret),
          Quantity.text(seconds: row.predicted.p50), Quantity.text(seconds: row.observed), row.covered ? "" : "out",
        ]
      })
  }

  private static func label(_ choice: Verification.Choice) -> String {
    StrategyText().label(choice.strategy, workers: choice.workers, ofStages: choice.stageWorkers)
  }

  private static func rules(_ summary: Verification.Summary) -> String {
    let table = Table(
      [.init("rule"), .init("mean regret", .right)],
      rows: [["advisor", percent(summary.meanRegret)]]
        + summary.meanRegretOfRules.sorted { $0.value < $1.value }.map { [$0.key, percent($0.value)] })
    return indent(table.text)
  }
}
